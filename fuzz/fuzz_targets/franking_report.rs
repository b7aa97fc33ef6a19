#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| testvectors::fuzz::franking_report(data));
