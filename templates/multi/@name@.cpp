#include <string>

#include <wasmup/wasmup.hpp>

// Several filters in one module: the root id of the plugin says which one it is.

/// Answers paths that begin with its configuration by itself.
struct Denied : wasmup::RootContext {
  bool on_configure(wasmup::Bytes text) {
    prefix = text.view();
    return !prefix.empty();
  }
  std::string prefix;
};

struct Deny : wasmup::HttpFilter<Denied> {
  static constexpr std::string_view root_id = "deny";

  wasmup::HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto path = headers.get(":path");
    if (!path->view().starts_with(root().prefix)) return wasmup::HeadersAction::continue_iteration;
    wasmup::send_local_response({.status = 403, .body = "denied\n"}).ignore();
    return wasmup::HeadersAction::hold_all;
  }
};

/// Marks every response.
struct Mark : wasmup::HttpFilter<> {
  static constexpr std::string_view root_id = "mark";

  void on_response_headers(wasmup::ResponseHeaders headers) { headers.set("x-@name@", "marked").ignore(); }
};

WASMUP_REGISTER(Deny, Mark)
