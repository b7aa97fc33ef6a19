#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| testvectors::fuzz::message_derived_values(data));
