// SPDX-License-Identifier: MIT
#include <cstddef>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

/// Does to each map what the map itself asks for: `x-do` names the operation, `x-name` and `x-value` its
/// arguments. What came of it stands in `x-status` (a number, see wasmup::Status) and `x-result`.
struct HeaderAccess : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders headers) { run(headers); }
  void on_request_trailers(wasmup::RequestTrailers trailers) { run(trailers); }
  void on_response_headers(wasmup::ResponseHeaders headers) { run(headers); }
  void on_response_trailers(wasmup::ResponseTrailers trailers) { run(trailers); }

 private:
  template <class Map>
  void run(Map map) {
    const wasmup::Result<wasmup::Bytes> asked = map.get("x-do");
    if (!asked) return;
    const wasmup::Result<wasmup::Bytes> name = map.get("x-name");
    const wasmup::Result<wasmup::Bytes> value = map.get("x-value");
    std::string result;
    const wasmup::Status status = act(map, asked->view(), name->view(), value->view(), result);
    map.set("x-status", std::string(1, static_cast<char>('0' + static_cast<int>(status)))).ignore();
    map.set("x-result", result).ignore();
  }

  template <class Map>
  wasmup::Status act(Map map, std::string_view what, std::string_view name, std::string_view value,
                     std::string& result) {
    if (what == "get") {
      const wasmup::Result<wasmup::Bytes> found = map.get(name);
      result = found->view();
      return found.status();
    }
    if (what == "get_all") {
      const wasmup::Result<wasmup::HeaderValues> found = map.get_all(name);
      for (const std::string_view one : *found) result.append("[").append(one).append("]");
      return found.status();
    }
    if (what == "all") {
      const wasmup::Result<wasmup::PairList> found = map.all();
      for (const auto& [one_name, one_value] : *found) {
        if (one_name.starts_with("x-a")) result.append(one_name).append("=").append(one_value).append(";");
      }
      return found.status();
    }
    if (what == "set") return map.set(name, value).status();
    if (what == "add") return map.add(name, value).status();
    if (what == "remove") return map.remove(name).status();
    if (what == "replace_all") {
      const wasmup::PairView headers[] = {{":status", "201"}, {name, value}, {name, "last"}};
      return map.replace_all(headers).status();
    }
    if (what == "byte_size") {
      const wasmup::Result<size_t> bytes = map.byte_size();
      result = std::to_string(*bytes);
      return bytes.status();
    }
    if (what == "set-value-with-a-line-break")
      return map.set(name, std::string("a\r\nx-injected: 1")).status();
    return wasmup::Status::unimplemented;
  }
};

WASMUP_REGISTER(HeaderAccess)
