// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wasmup/json.hpp>
#include <wasmup/wasmup.hpp>

using Header = std::pair<std::string, std::string>;

/// What happens to the headers of one direction, in this order.
struct Rules {
  std::vector<std::string> remove;
  std::vector<Header> set;
  std::vector<Header> add;

  static constexpr auto json =
      wasmup::json_fields(wasmup::optional("remove", &Rules::remove), wasmup::optional("set", &Rules::set),
                          wasmup::optional("add", &Rules::add));
};

bool is_name(std::string_view name) {
  if (wasmup::is_header_name(name)) return true;
  wasmup::log::error("plugin configuration: \"", name,
                     "\" cannot be a header's name: only letters, digits and !#$%&'*+-.^_`|~ can be in one");
  return false;
}

bool is_header(const Header& header) {
  if (!is_name(header.first)) return false;
  if (wasmup::is_header_value(header.second)) return true;
  wasmup::log::error("plugin configuration: the value of \"", header.first,
                     "\" cannot be a header's value: it has a line break or NUL in it");
  return false;
}

/// Refused here, a wrong header stops the roll-out; refused by each request, it would be noticed by chance.
bool can_be_sent(const Rules& rules) {
  for (const std::string& name : rules.remove) {
    if (!is_name(name)) return false;
  }
  for (const std::vector<Header>* headers : {&rules.set, &rules.add}) {
    for (const Header& header : *headers) {
      if (!is_header(header)) return false;
    }
  }
  return true;
}

struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    return wasmup::read_configuration(configuration, *this) && can_be_sent(request) && can_be_sent(response);
  }

  Rules request;
  Rules response;

  static constexpr auto json = wasmup::json_fields(wasmup::optional("request", &Settings::request),
                                                   wasmup::optional("response", &Settings::response));
};

template <class Headers>
void apply(const Rules& rules, Headers headers) {
  // Names and values have been checked, and the headers are at hand in both callbacks.
  for (const std::string& name : rules.remove) headers.remove(name).ignore();
  for (const auto& [name, value] : rules.set) headers.set(name, value).ignore();
  for (const auto& [name, value] : rules.add) headers.add(name, value).ignore();
}

/// Removes, sets and adds headers as the plugin configuration says.
struct HeaderRewrite : wasmup::HttpFilter<Settings> {
  void on_request_headers(wasmup::RequestHeaders headers) { apply(root().request, headers); }
  void on_response_headers(wasmup::ResponseHeaders headers) { apply(root().response, headers); }
};

WASMUP_REGISTER(HeaderRewrite)
