// SPDX-License-Identifier: MIT
// expect: JSON is read into bool, whole numbers, double
#include <wasmup/wasmup.hpp>

struct Settings {
  std::string name;
#ifndef WRONG
  static constexpr auto json = wasmup::json_fields(wasmup::required("name", &Settings::name));
#endif
};

struct Root : wasmup::RootContext {
  bool on_configure(wasmup::Bytes text) { return wasmup::read_configuration(text, settings); }
  Settings settings;
};

WASMUP_REGISTER(Root)
