// SPDX-License-Identifier: MIT

//! The filter of this folder with the Rust SDK.

use std::time::Duration;

use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel};

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(Root::default()));
}}

#[derive(Default)]
struct Root {
    configuration: String,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _size: usize) -> bool {
        let bytes = self.get_plugin_configuration().unwrap_or_default();
        self.configuration = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => return false,
        };
        log::info!("configured: {}", self.configuration);
        println!("greeting: {}", std::env::var("GREETING").unwrap_or_default());
        self.set_tick_period(Duration::from_secs(1));
        true
    }

    fn on_tick(&mut self) {
        log::info!("tick: {}", self.configuration);
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { configuration: self.configuration.clone(), name: String::new() }))
    }
}

struct Stream {
    configuration: String,
    name: String,
}

impl Context for Stream {}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _count: usize, _end_of_stream: bool) -> Action {
        self.name = self.get_http_request_header("x-name").unwrap_or_default();
        Action::Continue
    }

    fn on_http_response_headers(&mut self, _count: usize, _end_of_stream: bool) -> Action {
        self.set_http_response_header("x-wasm-custom", Some("FOO"));
        self.set_http_response_header("x-name", Some(&self.name));
        self.set_http_response_header("x-configuration", Some(&self.configuration));
        log::info!("answered: {}", self.name);
        Action::Continue
    }
}
