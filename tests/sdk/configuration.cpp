// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <vector>

#include <wasmup/header_map.hpp>
#include <wasmup/json.hpp>
#include <wasmup/plugin.hpp>

/// Reads a configuration with something of everything, and says on each response what it has read.
struct Settings {
  std::string name;
  uint32_t limit = 10;
  double ratio = 0.5;
  bool strict = false;
  std::vector<std::string> paths;

  static constexpr auto json = wasmup::json_fields(
      wasmup::required("name", &Settings::name), wasmup::optional("limit", &Settings::limit),
      wasmup::optional("ratio", &Settings::ratio), wasmup::optional("strict", &Settings::strict),
      wasmup::optional("paths", &Settings::paths));
};

struct Configured : wasmup::RootContext {
  bool on_configure(wasmup::Bytes text) { return wasmup::read_configuration(text, settings); }
  Settings settings;
};

struct Configuration : wasmup::HttpFilter<Configured> {
  void on_response_headers(wasmup::ResponseHeaders headers) {
    const Settings& settings = root().settings;
    headers.set("x-name", settings.name).ignore();
    if (settings.limit == 7) headers.set("x-limit", "7").ignore();
    if (settings.ratio == 0.25) headers.set("x-ratio", "0.25").ignore();
    if (settings.strict) headers.set("x-strict", "true").ignore();
    for (const std::string& path : settings.paths) headers.add("x-path", path).ignore();
  }
};

WASMUP_REGISTER(Configuration)
