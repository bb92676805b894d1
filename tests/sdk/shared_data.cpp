// SPDX-License-Identifier: MIT
#include <charconv>
#include <string>

#include <wasmup/wasmup.hpp>

/// Does with shared data what the request's headers say, and answers with what came of it.
struct SharedData : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    const wasmup::Result<wasmup::Bytes> action = headers.get("x-do");
    const wasmup::Result<wasmup::Bytes> key = headers.get("x-key");
    const wasmup::Result<wasmup::Bytes> value = headers.get("x-value");
    const wasmup::Result<wasmup::Bytes> version = headers.get("x-version");
    wasmup::Result<> result;
    std::string answer;
    if (*action == "get") {
      const wasmup::Result<wasmup::SharedValue> found = wasmup::get_shared_data(*key);
      result = found.status();
      answer = std::to_string(found->version) + " " + std::string(found->value.view());
    } else if (*action == "set" && version) {
      uint32_t number = 0;
      const std::string_view text = version->view();
      std::from_chars(text.data(), text.data() + text.size(), number);
      result = wasmup::set_shared_data(*key, *value, number);
    } else if (*action == "set") {
      result = wasmup::set_shared_data(*key, *value);
    } else if (*action == "append") {
      result = wasmup::update_shared_data(*key, [&](std::optional<std::string_view> old) {
        return std::string(old.value_or("new:")) + std::string(value->view());
      });
    } else if (*action == "race") {
      // Somebody else is faster each time, so that it can never be done.
      result = wasmup::update_shared_data(*key, [&](std::optional<std::string_view>) {
        wasmup::set_shared_data(*key, "other").ignore();
        return std::string_view("mine");
      });
    } else if (*action == "add") {
      const wasmup::Result<int64_t> sum = wasmup::add_to_shared_integer(*key, 1);
      result = sum.status();
      answer = std::to_string(*sum);
    }
    wasmup::send_local_response(
        {.status = 200, .body = std::to_string(static_cast<int>(result.status())) + " " + answer})
        .ignore();
  }
};

WASMUP_REGISTER(SharedData)
