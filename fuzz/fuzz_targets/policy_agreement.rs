#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| testvectors::fuzz::policy_agreement(data));
