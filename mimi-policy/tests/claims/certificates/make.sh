#!/bin/sh
# Makes the certificates beside this file anew, with OpenSSL 3. Nobody needs the
# keys: the tests begin where a host has checked the signatures.
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -r "$made"' EXIT

# authority NAME SUBJECT
authority() {
    openssl genpkey -algorithm ed25519 -out "$made/$1.key"
    openssl req -x509 -new -key "$made/$1.key" -subj "$2" -days 36500 -out "$made/$1.pem"
}

# certificate NAME AUTHORITY STRINGS SUBJECT, with the extensions from stdin
certificate() {
    printf '[req]\ndistinguished_name = none\nstring_mask = %s\n[none]\n' "$3" >"$made/config"
    cat >"$made/extensions"
    openssl genpkey -algorithm ed25519 -out "$made/key"
    openssl req -new -config "$made/config" -key "$made/key" -subj "$4" -out "$made/request"
    openssl x509 -req -in "$made/request" -CA "$made/$2.pem" -CAkey "$made/$2.key" \
        -days 36500 -extfile "$made/extensions" -outform DER -out "$1.der"
}

authority some '/O=Example/OU=certification'
authority other '/O=Example/OU=human-resources'

# Dora works in human resources, where she is in benefits too. The last two
# attributes stand in one place of the name.
certificate dora some utf8only '/O=Example/OU=human-resources/OU=benefits+CN=Dora' <<'END'
subjectAltName = URI:mimi://d.example/d/dora/phone, URI:mimi://d.example/u/dora
1.3.6.1.4.1.32473.1 = ASN1:UTF8String:full-time
END

# Eve does not, but all around her it says so: in the name of the issuer, in
# another attribute, and in another name of hers.
certificate eve other utf8only '/O=Example/OU=sales/CN=human-resources' <<'END'
subjectAltName = URI:mimi://e.example/u/eve, dirName:elsewhere
1.3.6.1.4.1.32473.1 = ASN1:UTF8String:part-time
[elsewhere]
OU = human-resources
END

# Fred does, but his certificate writes it as a PrintableString.
certificate fred some nombstr '/O=Example/OU=human-resources/CN=Fred' <<'END'
1.3.6.1.4.1.32473.1 = ASN1:UTF8String:full-time
END
