// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

using namespace wasmup;

namespace {

std::string number(Status status) { return std::to_string(static_cast<int>(status)); }

std::string text_of(const Result<Bytes>& value) { return std::string(value->view()); }

void show(std::string_view what, Status status) { log::info(what, ": ", number(status)); }

}  // namespace

struct Root : RootContext {
  bool on_configure(Bytes) {
    show("declared", declare_property("once", {.is_read_only = true, .type = PropertyType::string}).status());
    show("declared again", declare_property("once", {}).status());
    show("root, route", clear_route_cache().status());
    show("root, filter state", set_envoy_filter_state("envoy.tcp_proxy.cluster", "none").status());
    const std::string schema(300, 's');  // a length of two bytes on the wire
    show("declared with a schema",
         declare_property("message", {.schema = schema, .life_span = LifeSpan::request}).status());
    return true;
  }
  void on_foreign_function(uint32_t function, Bytes arguments) {
    log::info("called: ", std::to_string(function), " ", arguments.view());
  }
};

/// Calls the host's foreign functions, in a root context and in a stream.
struct ForeignFunctions : HttpFilter<Root> {
  void on_request_headers(RequestHeaders headers) {
    const Result<Bytes> text = headers.get("x-text");
    const Result<Bytes> packed = compress(*text);
    const Result<Bytes> unpacked = uncompress(*packed);
    log::info("compressed: ", number(packed.status()),
              packed->size() < text->size() ? " shorter" : " not shorter");
    log::info("uncompressed: ", number(unpacked.status()),
              unpacked->view() == text->view() ? " same" : " other");
    const Result<Bytes> packed_nothing = compress("");
    const Result<Bytes> nothing = uncompress(*packed_nothing);
    log::info("nothing: ", number(nothing.status()), " ", std::to_string(nothing->size()));
    show("damaged", uncompress("no zlib").status());
    show("cut off", uncompress(packed->view().substr(0, packed->size() / 2)).status());

    show("unknown", call_foreign_function("no_such_function", "").status());
    show("no protobuf", call_foreign_function("set_envoy_filter_state", "\xFF").status());

    show("filter state", set_envoy_filter_state("envoy.tcp_proxy.cluster", "elsewhere").status());
    log::info("read back: ", text_of(get_property({"filter_state", "envoy.tcp_proxy.cluster"})));
    show("unknown filter state", set_envoy_filter_state("no.such.name", "").status());

    show("first", set_property("once", "first").status());
    show("second", set_property("once", "second").status());
    log::info("kept: ", text_of(get_property({"once"})));
    log::info("by its other name: ", text_of(get_property({"filter_state", "wasm.once"})));

    const Result<Bytes> route = headers.get("x-route");
    if (route) show("route", clear_route_cache().status());
  }

  void on_response_headers(ResponseHeaders) {
    log::info("later: ", text_of(get_property({"filter_state", "envoy.tcp_proxy.cluster"})));
  }
};

WASMUP_REGISTER(ForeignFunctions)
