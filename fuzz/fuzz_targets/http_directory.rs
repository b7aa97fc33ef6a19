#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| testvectors::fuzz::http_directory(data));
