// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

/// Edits each chunk of both bodies as its configuration says ("prepend", "append", "replace", "clear",
/// "read", "status"), or holds them back first ("buffer").
struct Edit : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    what = configuration.view();
    return true;
  }
  std::string what;
};

struct BodyEdit : wasmup::HttpFilter<Edit> {
  void on_request_headers(wasmup::RequestHeaders headers) { headers.remove("content-length").ignore(); }
  void on_response_headers(wasmup::ResponseHeaders headers) { headers.remove("content-length").ignore(); }

  wasmup::BodyAction on_request_body(wasmup::RequestBody body, bool end_of_stream) {
    if (root().what == "status") log_status(body.size());
    return edit(body, end_of_stream);
  }
  wasmup::BodyAction on_response_body(wasmup::ResponseBody body, bool end_of_stream) {
    return edit(body, end_of_stream);
  }

 private:
  /// The hostcall itself: the SDK has no name for what the callback is told anyway.
  static void log_status(size_t told) {
    namespace abi = wasmup::abi;
    size_t size = 0;
    uint32_t flags = 1;
    const wasmup::Status status = abi::proxy_get_buffer_status(abi::BufferType::request_body, &size, &flags);
    if (status != wasmup::Status::ok || size != told || flags != 0) wasmup::log::error("not as told");
    wasmup::log::info("status: ", std::to_string(size));
  }

  template <class Body>
  wasmup::BodyAction edit(Body body, bool end_of_stream) {
    const std::string_view what = root().what;
    if (what == "prepend") body.prepend("<").ignore();
    if (what == "append") body.append(">").ignore();
    if (what == "replace") body.replace("new").ignore();
    if (what == "clear") body.replace("").ignore();
    if (what == "read" || what == "buffer") {
      const auto all = body.read();
      const auto middle = body.read(1, 2);
      const auto beyond = body.read(1'000'000);
      wasmup::log::info(all->view(), "|", middle->view(), "|", beyond->view(),
                        end_of_stream ? "|end" : "|more");
    }
    if (what == "buffer" && !end_of_stream) return wasmup::BodyAction::buffer;
    return wasmup::BodyAction::continue_iteration;
  }
};

WASMUP_REGISTER(BodyEdit)
