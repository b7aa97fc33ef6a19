//! placeholder
#[test]
fn builds() {
    let _ = openmls_rust_crypto::OpenMlsRustCrypto::default();
}
