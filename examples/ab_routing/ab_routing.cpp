// SPDX-License-Identifier: MIT
#include <charconv>
#include <cstdint>
#include <string_view>

#include <wasmup/wasmup.hpp>

/// The plugin configuration: how many percent of the new clients get variant b.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    const char* const end = configuration.data() + configuration.size();
    const auto [stopped, error] = std::from_chars(configuration.data(), end, percent_b);
    const bool is_fine = error == std::errc() && stopped == end && percent_b <= 100;
    if (!is_fine) wasmup::log::error("the configuration must be a percentage, 0 to 100");
    return is_fine;
  }
  uint32_t percent_b = 0;
};

/// Which variant a Cookie header ("a=1; variant=b") names; none when it names neither.
std::string_view variant_in(std::string_view cookies) {
  while (!cookies.empty()) {
    const std::string_view cookie = cookies.substr(0, cookies.find(';'));
    if (cookie == "variant=a") return "a";
    if (cookie == "variant=b") return "b";
    cookies.remove_prefix(cookie.size());
    while (cookies.starts_with(';') || cookies.starts_with(' ')) cookies.remove_prefix(1);
  }
  return {};
}

/// Sends each client to one of two clusters, always the same: the routes match on the header `x-variant`.
struct AbRouting : wasmup::HttpFilter<Settings> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    const auto cookies = headers.get("cookie");
    variant_ = variant_in(*cookies);
    is_new_ = variant_.empty();
    if (is_new_) variant_ = choose();
    headers.set("x-variant", variant_).ignore();  // in place of what the client sent under this name
    // A route may have been chosen by the headers as they came. Envoy drops it when a module of this ABI
    // changes one; of later ABIs it wants to be asked.
    wasmup::clear_route_cache().ignore();
  }

  void on_response_headers(wasmup::ResponseHeaders headers) {
    if (!is_new_) return;
    const std::string_view cookie = variant_ == "b"
                                        ? "variant=b; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
                                        : "variant=a; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax";
    headers.add("set-cookie", cookie).ignore();
  }

 private:
  std::string_view choose() const {
    const auto dice = wasmup::random<uint32_t>();
    return dice && *dice % 100 < root().percent_b ? "b" : "a";  // without luck, what is known to work
  }

  std::string_view variant_;
  bool is_new_ = false;
};

WASMUP_REGISTER(AbRouting)
