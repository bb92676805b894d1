// SPDX-License-Identifier: MIT
#include <string>

#include <wasmup/wasmup.hpp>

/// Reads and keeps attributes, and logs at every level.
struct Attributes : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders) {
    const auto method = wasmup::get_property({"request", "method"});
    wasmup::log::trace("method ", method->view());
    const auto root_id = wasmup::get_property({"plugin_root_id"});
    wasmup::log::debug("root id ", root_id->view());
    if (wasmup::get_property({"no", "such"}).status() == wasmup::Status::not_found)
      wasmup::log::info("missing");
    if (wasmup::get_property({}).status() == wasmup::Status::bad_argument) wasmup::log::warn("no path");
    if (wasmup::get_property({std::string(300, 'x')}).status() == wasmup::Status::bad_argument) {
      wasmup::log::error("too long");
    }
    wasmup::set_property("kept.by", "me").ignore();
  }

  void on_response_headers(wasmup::ResponseHeaders) {
    const auto kept = wasmup::get_property({"kept.by"});
    wasmup::log::critical("kept by ", kept->view());
  }
};

WASMUP_REGISTER(Attributes)
