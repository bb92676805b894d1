// SPDX-License-Identifier: MIT
// expect: json_fields takes 1 to 64 fields
#include <wasmup/wasmup.hpp>

struct Settings {
  int number = 0;
#ifdef WRONG
  static constexpr auto json = wasmup::json_fields();
#else
  static constexpr auto json = wasmup::json_fields(wasmup::optional("number", &Settings::number));
#endif
};

bool read(std::string_view text, Settings& settings) { return wasmup::read_configuration(text, settings); }
