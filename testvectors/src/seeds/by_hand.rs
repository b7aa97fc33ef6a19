//! Inputs written by hand, with their names.

/// Of the HTTP binding: the target, a name and the input.
pub(super) const HTTP: &[(&str, &str, &str)] = &[
    ("http_directory", "empty", "{}"),
    (
        "http_directory",
        "whole",
        r#"{"keyMaterial":"https://b.example/v1/km/{targetUser}","update":"https://b.example/v1/update/{roomId}","notify":"https://b.example:8443/notify?room={roomId}","submitMessage":"https://b.example/{roomId}/submit","groupInfo":"https://b.example/v1/gi/{roomId}","requestConsent":"https://b.example/v1/rc/{targetUser}","updateConsent":"https://b.example/v1/uc/{requesterDomain}","identifierQuery":"https://b.example/v1/iq/{domain}","reportAbuse":"https://b.example/v1/ra/{roomId}","proxyDownload":"https://p.example/{downloadUrl}","more":[1]}"#,
    ),
    (
        "http_directory",
        "http",
        r#"{"update":"http://b.example/{roomId}"}"#,
    ),
    (
        "http_directory",
        "two_variables",
        r#"{"update":"https://b.example/{roomId}/{roomId}"}"#,
    ),
    (
        "http_directory",
        "in_host",
        r#"{"update":"https://{roomId}.b.example/"}"#,
    ),
    (
        "http_directory",
        "twice",
        r#"{"update":"https://b.example/{roomId}","update":null}"#,
    ),
    ("http_directory", "array", r#"[null]"#),
    (
        "http_directory",
        "ambiguous",
        r#"{"update":"https://b.example/{roomId}","notify":"https://c.example/n{roomId}"}"#,
    ),
    (
        "http_request",
        "submit",
        "POST\nhttps://mimi.a.example/v1/submitMessage/mimi%3A%2F%2Fa.example%2Fr%2Fclubhouse\nmimi.a.example\nmimi@b.example\n4\nbody",
    ),
    (
        "http_request",
        "origin_form",
        "POST\n/v1/keyMaterial/mimi%3A%2F%2Fa.example%2Fu%2Falice\na.example:443\nmimi@B.example\n\n",
    ),
    (
        "http_request",
        "consent_by_user",
        "POST\n/v1/requestConsent/mimi:%2f%2fa.example%2fu%2falice\na.example\nmimi@b.example\n\n",
    ),
    (
        "http_request",
        "consent_by_domain",
        "POST\n/v1/updateConsent/b.example\na.example\nmimi@b.example\n\n",
    ),
    (
        "http_request",
        "identifier",
        "POST\n/v1/identifierQuery/a.example\na.example\nmimi@b.example\n\nx",
    ),
    (
        "http_request",
        "get",
        "GET\n/v1/identifierQuery/a.example\na.example\nmimi@b.example\n\n",
    ),
    (
        "http_request",
        "half_escape",
        "POST\n/v1/update/mimi%3\na.example\nmimi@b.example\n\n",
    ),
    (
        "http_request",
        "two_hosts",
        "POST\nhttps://c.example/v1/update/x\na.example\nmimi@b.example\n\n",
    ),
    (
        "http_request",
        "other_peer",
        "POST\n/v1/update/x\na.example\nmimi@c.example\n\n",
    ),
    (
        "http_request",
        "directory",
        "GET\nhttps://a.example/.well-known/mimi-protocol-directory\n\nmimi@b.example\n0\n",
    ),
    (
        "http_request",
        "asset",
        "GET\n/v1/proxyDownload/https%3A%2F%2Fc.example%2Fx%3Fy%252Fz\nmimi.a.example\nmimi@b.example\n\n",
    ),
    ("http_response", "ok", "200\n\n4\nbody"),
    ("http_response", "no_content", "204\n\n\n"),
    ("http_response", "part", "206\n\n4\nbody"),
    ("http_response", "redirect", "308\n1\n\n"),
    ("http_response", "busy", "503\n120\n\n"),
    (
        "http_response",
        "busy_until",
        "429\nFri, 31 Dec 2027 23:59:59 GMT\n\n",
    ),
    (
        "http_response",
        "busy_until_then",
        "429\nFriday, 31-Dec-27 23:59:59 GMT\n\n",
    ),
    (
        "http_response",
        "too_large_now",
        "413\n99999999999999999999\n\n",
    ),
    (
        "http_response",
        "document",
        "200\n\n41\n{\"update\":\"https://b.example/{roomId}\"}  ",
    ),
    (
        "http_template",
        "room",
        "https://a.example/v1/{roomId}\nmimi://a.example/r/caf%C3%A9",
    ),
    (
        "http_template",
        "query",
        "https://a.example:8443/?room={roomId}&x=%20\nmimi://a.example/r/1",
    ),
    (
        "http_template",
        "user",
        "https://a.example/v1/{targetUser}/x\nmimi://a.example/p/6f1d",
    ),
    (
        "http_template",
        "domain",
        "https://a.example/v1/{targetDomain}\nb.example",
    ),
    (
        "http_template",
        "requester",
        "https://a.example/v1/{requesterUser}\nmimi://b.example/u/bob",
    ),
    (
        "http_template",
        "identifier",
        "https://a.example/{domain}\na.example",
    ),
    (
        "http_template",
        "asset",
        "https://a.example/p{downloadUrl}\nhttps://c.example/%2F?x=\u{e9}&y#z",
    ),
    (
        "http_template",
        "dots",
        "https://a.example/{roomId}/%2e.\nx",
    ),
    ("http_template", "address", "https://[::1]/{roomId}\nx"),
];

/// Markdown as people write it, and as others do.
pub(super) const MARKDOWN: &[(&str, &str)] = &[
    ("plain", "Hello, world!"),
    (
        "spans",
        "*a* **b** ***c*** ~~d~~ `e` _f_\\\ng  \nh\\* &amp; &lt;i>",
    ),
    (
        "headings",
        "# a\n\nb\n---\n\nc\n===\n\n###### d ######\n\n***",
    ),
    (
        "lists",
        "- a\n  - b\n\n    c\n3. d\n4) e\n* [ ] f\n* [x] g\n-\n",
    ),
    ("quotes", "> a\n> > b\nc\n> - d\n>   > e"),
    ("code", "```rust\n<b>\n```\n    <i>\n~~~\n`` ` `` <u>"),
    ("table", "|a|b\n|:-|-:\n|*c*|`\\|`|d\n|<b>|[e](f)"),
    (
        "links",
        "[a](https://a.example 'b') <https://a.example> <a@a.example> [c][d] [d]\n\n[d]: http://d.example \"e\"",
    ),
    (
        "links_that_lie",
        "[https://a.example](https://b.example) [a](javascript:1) [b.example](http://b.example) [c](data:,) [d](/e) [\u{202e}](x:y) [a](https://a@b)",
    ),
    (
        "mentions",
        "Hi <mimi://a.example/u/alice>, [@Bob](mimi://b.example/u/bob) and [mimi://c.example/p/1](mimi://c.example/p/1)",
    ),
    (
        "images",
        "![a *b*](cid:2@local.invalid 'c') ![d](https://d.example/e.png) [![f](g)](https://h.example) ![i ![j](k)](l)",
    ),
    (
        "tags",
        "a <b> </b> <b/> <b c='d'> <!-- e --> <?f?> <!G> <![CDATA[h]]> <i\nj>",
    ),
    (
        "blocks_of_html",
        "<div>\n*a*\n\n<!--\n\n-->\n<script>\n</script>\n\n<a b>\n\n<?\n?>\n- <p>",
    ),
    (
        "html_around_code",
        "<div>\n<p>\n```\n<b>\n```\n</p> `<i>`\n</div>",
    ),
    (
        "html_in_layers",
        "<div>\n`<b>`\n<div>\n`<b>`\n<div>\n`<b>`\n<div>\n`<b>`\n<div>\n`<b>`\n<div>\n`<b>`\n<div>\n`<b>`\n<div>\n`<b>`\n",
    ),
    ("too_deep", ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> `<b>`"),
    (
        "deep_lists",
        "- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - a",
    ),
    (
        "many_spans",
        "*a **b *a **b *a **b *a **b *a **b *a **b [c](d ![e](f ~~g ~~h _i __j",
    ),
    (
        "entities",
        "&lt;b&gt; &#60;b> &#x3c;i> &nbsp;&Auml; &unknown; &#0;",
    ),
    ("line_ends", "a\rb\r\nc\n\n\td\u{c}e\u{85}f\u{2028}g\0h"),
];

/// How an asset is made, how it is changed, and what is in it; with whether it is
/// opened.
pub(super) const ASSETS: &[(&str, bool, &str)] = &[
    ("in_clear", true, "00 00 6c6f676f"),
    ("aes_128_gcm", true, "01 00 766964656f"),
    ("aes_256_gcm", true, "02 00 766964656f"),
    ("nothing", true, "01 00"),
    ("just_not_expired", true, "00 02 0064 0163 6c6f676f"),
    ("expired", false, "00 02 0064 0164 6c6f676f"),
    ("of_no_known_size", true, "01 01 0200 766964656f"),
    ("just_not_too_large", true, "00 01 0304 6c6f676f"),
    ("too_large", false, "00 02 0200 0303 6c6f676f"),
    ("at_another_url", true, "01 01 0401 766964656f"),
    ("at_no_url", false, "01 01 0405 766964656f"),
    ("of_another_algorithm", false, "01 01 0502 766964656f"),
    ("pinned_by_another_hash", true, "01 01 1002 766964656f"),
    ("pinned_by_an_unknown_hash", true, "01 01 0602 766964656f"),
    ("not_pinned", true, "01 01 0f00 766964656f"),
    ("in_clear_and_not_pinned", false, "00 01 0f00 6c6f676f"),
    (
        "not_pinned_and_changed",
        false,
        "01 02 0f00 0d03 766964656f",
    ),
    (
        "pinned_again_and_changed",
        false,
        "02 02 0d03 1000 766964656f",
    ),
    ("with_a_shorter_key", false, "01 01 070f 766964656f"),
    ("with_a_shorter_nonce", false, "01 01 080b 766964656f"),
    ("with_additional_data", false, "01 01 0901 766964656f"),
    ("with_a_shorter_hash", false, "01 01 0a1f 766964656f"),
    ("with_another_nonce", false, "01 01 0b00 766964656f"),
    ("with_another_hash", false, "00 01 0c00 6c6f676f"),
    (
        "shorter_than_a_tag",
        false,
        "01 03 0f00 0200 0e0f 766964656f",
    ),
    ("with_a_key_in_clear", false, "00 01 0710 6c6f676f"),
];

/// Instructions of `policy_resolve`, with the number of commits accepted.
pub(super) const SCRIPTS: &[(&str, usize, &str)] = &[
    // Alice commits: the list gains Dora as ordinary user, with one client.
    (
        "admin_adds_user",
        1,
        "01 00 00 00 02  02 00 00 01 04 02  00 04",
    ),
    // Bob commits: he removes his second client.
    ("user_removes_own_client", 1, "01 00 00 01 01  01 03 01"),
    // Bob leaves: off the list, both clients gone, committed by Alice.
    (
        "user_leaves",
        1,
        "01 01 00 00 00  00 01 03  02 00 01 00 01  01 02 01  01 03 01",
    ),
    // Alice bans Cathy and removes her client.
    (
        "admin_bans",
        1,
        "01 00 00 00 02  02 01 00 00 02 01  01 04 02",
    ),
    // Dora, outside, adds herself: refused in this room.
    (
        "stranger_joins",
        0,
        "01 00 01 04 02  02 00 00 01 04 02  00 04",
    ),
    // Bob comes with another client by external commit.
    ("user_joins_with_client", 1, "01 00 01 01 01  00 01"),
    // The hub proposes to kick Bob's clients.
    ("hub_kicks", 1, "00 00 02 03 02  01 02 01  01 03 01"),
    // Alice changes the base policy: no limits, several devices.
    ("admin_changes_base", 1, "01 00 00 00 01  04 64 00 00"),
    // The hub changes a role, Alice commits.
    (
        "hub_changes_roles",
        1,
        "01 01 00 00 00  02 03 01  03 02 03 01",
    ),
    // Alice renames the subject.
    ("user_changes_subject", 1, "01 00 00 00 01  05 00 03 616263"),
    ("other_room_in_metadata", 0, "01 00 00 00 01  05 01 00"),
    // A preauthorisation list comes and goes.
    (
        "preauth_comes_and_goes",
        2,
        "01 00 00 00 01  06 03 01  01 00 00 00 01  07 06",
    ),
    // An update of the list by octets that do not decode, and one that does.
    (
        "raw_updates",
        0,
        "01 00 00 00 02  08 02 04 00000000  08 02 03 000000",
    ),
    (
        "components_of_every_kind",
        0,
        "00 00 00 00 05  08 00 01 00  08 0c 01 00  07 00  07 02  07 07",
    ),
    (
        "plain_changes",
        0,
        "01 00 00 01 05  09 00  09 01  09 02  09 03  09 05",
    ),
    // Three commits in a row: Bob adds a client, removes it, leaves.
    (
        "three_commits",
        3,
        "01 00 00 01 01  00 01  01 00 00 01 01  01 05 01  01 00 00 00 03  02 00 01 00 01  01 02 01  01 03 01",
    ),
];

/// Recipes of `policy_agreement`.
pub(super) const RECIPES: [(&str, &str); 13] = [
    (
        "all_plain",
        "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
    ),
    (
        "at_random_1",
        "789b34caf54f2e220acd941e71b88d5836866d0d858b63549e94be2cacc67f5b7ef28f2d9903959f63d3d893dce752779c84162917ec8ff1af4a6422d367e18d5eb6dfa465a5331f758e793ea95a94eb0d15b62a92a709a593a44ed2279662e3954580c351a904ba16e856bab99431e06ad96a3a1e1f1c564c14fb7fa4123e95d166f4677be0d2fb1270d7e37fdb6eff60101282817c6a76d58548a61aa13bce14fdc62fdc6b54ac97f1a1d76e89adc8fe268f6116ca41891e55edf1cec76f016c500683",
    ),
    (
        "at_random_2",
        "3bcac3711b6752a9f1e10d281139fa834715b9280598b1262be8c3699fc677f9cc30273abbded4e322649af5d83c55be535a4ca7fdad840256029f3d38f9f7267dd296b6755c001ba0ef9ce1e2c84880b9ae44dd2a495a92be65b32f27ce5ba8bea759990b0a2db732515dfd273b58f5719bcf79fa719ebc75a7e7cccda091e0d206805eeabacec60e4f22eab19f2e84f771f4214c7a2399431853cb86097d50316910a2293e8a1f93584cd44229ba014fd24e6e98f722c0565383c89bcda857c61fd80e",
    ),
    (
        "at_random_3",
        "8e099b4e2b503b07767604f45ee7c2ac586036f3b69cd3136c829df4ad2a78a13513a5f3b4295a16ff7f136624ac469d3b0024738c091105f44a6db87fb098c6ce1158d3fc2098906adfa4596d09f5df8da9d0d1a46b838f2c0fce869343a02c542f6c816eff3aae04e968552f7d303aa1974d265b0d5c698611a6a8ba53576e191b521d86fc356646c8f5fda5b9dccf12135c4eb7709779ba63b0c4ba397261b25e6c0a0d3c6197a4fe159cc95347c0edb3b602e445e50fd66c3aa9971b28f6521f5c7b",
    ),
    (
        "at_random_4",
        "aa0a0bc3df764615445d9277dea0be57b0b084ab104dbb64fdf13d25645149471ab129184c5a861d97f38f6bf1901f4793d51701b1b82466dd28d9109165645867292f050195d9212fad56661f1f2147df4535a6ad8d443c240250168bd99bb74eb9e97ee757f70d6385e7aa529b52a199a16bf79589bc54a13177a8635ae1319e100217015b727dbec9c57be2dd942daf16315e1cd002c853de1671bfafb24300b1ba31c16dfab4dd2ec8502ce5c66b0d2f92334041e9e0b2d0a2cd9eca34aec027f9de",
    ),
    (
        "at_random_5",
        "bc7453db913fab12795ef576b5d8e1d53ffd06dcb7f08f6448aab84e87f745fac5f4b210de825f5a09eb9c43170177ae4fa1a7e6768c1c2012e1387c73f2205359640263617007f7a7b287cf43ad3c8087311dac1cc423697f19fac6bb232b4be4dbc03757491156e9f1e1bbdd7e808a0388cbaa923d506052c7425e6024249c0f29eb30038e8764603b82cc8a8b0334ccb953fbaf61fb7d5456aa106b60eea54157badce6baa727ebf88b854e3982e0faea2b89bf329a0451c45ac4f65b10a3707ccc55",
    ),
    (
        "at_random_6",
        "61f0ea9ac68baadf6a121c6111fcaa831d40bf1acdd6be7fb2e0bbcb0dc64146f1d08056e3b9bc345c4b9b4e20fc138f6601dcd08aff550e3745d08ce725a684e0570bae818285c6af1e5ada8733793432fd8dd13fc7dfefe553f35992b38e24e16297c585efab1fa6ecbfb1487077bc2684d7e593d557cd71c790a04782e16d67f533fd502083084ca2cba8bb47281fefbd52b1ba2cb737eee1f85f40a3d14399ed555873e061d0420f9e517bab4f74a1db3314b09957e03193685723a12f0f4546245a",
    ),
    (
        "at_random_7",
        "865718ada18beff24c38a194819e1d02e38400b821851ee222f7d4eff2fba5166c55ca92b5fa108b4bd66ed7bc356dd7867ce43c5c3b27f54ace327575545655228840876d98292cd9c9e892c96c24c5e3e9f78c98b6628b60f87162f9a4dd49bcfc708578f30c4d791cb2efcb0d9e754d2060da6553563bf19540104a6bb0c38b0aa9c26fcb9945da509a3d37793185cac88b635fa122830f90e9e8b872c894def8ac22dfcc0d4109fcb4a742d77094b9f66b76c52749b2667d88304589d7f45f340535",
    ),
    (
        "at_random_8",
        "3b30d82a426a98de3342bd50eb0eff93d170fa5bc7f00672818afa583a1c21af7951da48f3e3d09733a542fae3445e6f31c972c2838c321dbde0011dacf3fddb5956d64fb28e94fcd5c8d553573368e54fb3bb19ea04b9da65c19b4801c5464330a9951afd1f96f598dee3663d0c5979a36c41f6209b83956c1b6e7011147ca474135aaf4153c2aa901bf9e9855ffd89bc0b6b7a5aaf27770c29154de994b45d47fa12dd63a582a31c40cd3b0554a26a60216216f507a1ce8fd3fe0dddc01c94624141c1",
    ),
    (
        "much_at_once_1",
        "d9281abfb8a355eb2d79a4a18a3f6a3b137167153aa8b07f4889c873fe7227d58817026a0401000000f62bb2461474d589f5291e53f6d76031b12ee8890339dfc8dfa72db01ebdda76c69fb635d13ec959b7aec120abb40ea281c7cf7722a276c7cbcd8f49a1296f923cfcdf50d482907197a99df2619d5bc03c54d8baa90fa30b01638300936c2752d933038522d1601239ce4d5963b5d332cdc580623453bd770e521cf2d6247883534a3c487f87aed440a9336d0f",
    ),
    (
        "much_at_once_2",
        "5c62cba492b88abf096b108142ee1883fd33d709115a008b8a4d134cae446617cb8dbc6e040100000045254db6542600344a1a976367098d7823d1581a683f42c5625fc60be0233afc04a2ad7fa6ee37c75022329838f29c79216c870d54380d4e0c9e010219f771e888aa7e0dcec3caaace24a239706f9433464eb0041f5526df01766a2c7922e57f7f45e140dfb998469ff9765c7060e6826d4ae6b2932f6f8f592be2014267e45e92cd85fffd1ae0c04761e4f624",
    ),
    (
        "much_at_once_in_an_envelope_1",
        "6a68fda64598196ee53c056c1fe586630f96c93f30b59da524fccafdbbe8822e8348ad020501000000456b159ad1f37041dc8faffb5b82269187781994d981161d171ad2868be00c0b1feb88ff3551ca763d5b0437d563f81f79806e1978a38bb8ac18d17ec618d6d03477113b64554fe00956ff3a6da738352621bdfe47be52355c91550b01377704e48b22a423d3ef10ce985e4b96b5b067116f3f507af3df07d74e593bf634e7add3b37e88b0e5de57095e74b107e93ab899",
    ),
    (
        "much_at_once_in_an_envelope_2",
        "f02c8a8503f65e905a563f097aa3b623b787d6a32dc13c2abc71acc2d4a1bb44938b77d605010000004361e902cec5c42d2549a6784f2511936de4015e7833c37536fb200c3be8bd0ddcdac388073cbf02547e2d61059a2fff9a35d91d707537fbb1fda47f8e7ea7020fab61aa1c1ad6d849ad18422cd2baac5693653b2035684b3f6642460154d442fdd93b1584a0c75301fe69c981b206729fa939d85aadde82b20d93f52e0b60cf4c46ed54c1ceb2bb8e004a9ca47a0c4490",
    ),
];

/// Rooms of `timeline`.
pub(super) const ROOMS: [(&str, &str); 10] = [
    (
        "edits_and_a_delete",
        "00090510000001000013010002000113020103000214030004000013040005000104010301020101010001",
    ),
    (
        "edits_come_first",
        "000903130100020001130200030102100000010000000100010001",
    ),
    (
        "reactions_of_all_kinds",
        "000906100000010000150101020000150201030000160302040001170401050101140501060200050104000301",
    ),
    (
        "a_loop_of_replies",
        "000903120000010100120101020200120202030001020101010001",
    ),
    (
        "all_that_expires",
        "000606000000010001080100010001030200020003f00104fa020305030102000201010101",
    ),
    (
        "a_moderator_and_topics",
        "010904300001010000330100020001340200030001330301040000030102010101",
    ),
    (
        "reports",
        "000905100000010000c8010302000200000901c90102010001ca02020005041005000200000101",
    ),
    (
        "at_random_1",
        "000c17a54dca182530bb1d6d132cded6237b2ed91e3f721fcb1971174494d6493c9d5c3460be31201e69fedaa0eee8b9997f5c7c2999fdafe593253cd654af4dfad71427a0aeb3fee9232f8af2211f9ee491c5b10becb5563bfc1e6f93427ecbc8fe2955e5cd8e46dc8ed4b7c2764d2a5a4d767706f85d8690024ad6bda3401be9c8cbccc935f6cd1f61226ae15338ae1a34004d33ba0d246ac04c81b1baf23e3bf9eef5f79f2b4934af87f552",
    ),
    (
        "at_random_2",
        "010c170b69b94b0d982e85bb55b672a872637acd7466fcb60e0e8ff18463b0e4b2ba29703474f064ac68f700f5b02b3dc666f45bdeaa2ccaedcd2b5157410e4dee4af2b34f430a073447de636c0e806c957ba684d6431fb5ead7424d09e15d024c5848f23d1fa6f7361d7f618d1532e70e20e2a6668de7f47e8467e546d53ec8e2a1257bdb256c9b3e4fbb498146ef7030cbf9537252dcceadd764b6a32fbb09adeae109c4a997203975352b87",
    ),
    (
        "at_random_3",
        "000c178b145c8a42d884cf4cfda72d8e1d5dd92589082d852a7122873ee805add58942167a385286195c679f9c6994e45b8ab1098012070961f37de436ddfdc99d6e75af6547cfb11b42072482dc531c2bc3907c9617eb5e5089e40186baa8a57d119e6fb65d00abc32af38e667f022e872d49cc15c90b999b772b4fc7a6fd4c914a16db4708752b0f1544b835c0e719097dfa8701e9232f21f2812687786976ebfcc327f5931765274ba9829b",
    ),
];

/// Structures of `tls_policy` that are no components and have no vectors.
pub(super) const STRUCTURES: &[(&str, &str, &str)] = &[
    ("capabilities", "CapabilitySet", "06 0000 0100 0604"),
    (
        "capabilities_of_any_order",
        "CapabilitySet",
        "08 f123 000a 0012 000a",
    ),
    ("components", "ComponentsList", "04 0022 0025"),
    (
        "media_types",
        "MediaTypeList",
        "0c 03 612f62 00 03 632f64 04 0165 0166",
    ),
    ("uri", "MimiUri", "10 6d696d693a2f2f612e6578616d706c65"),
    (
        "demands",
        "ExtendedCapabilities",
        "02 0001 00 02 0006 00 00 00 02 0025 00 05 03 612f62 00 02 0103",
    ),
    (
        "no_demands",
        "ExtendedCapabilities",
        "00 00 00 00 00 00 00 00 00 00",
    ),
];
