// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "../environment.hpp"
#include "../envoy/server.hpp"
#include "../error.hpp"

namespace wasmup::commands {

struct FilterModule {
  std::string name;  ///< NAME.wasm, as people know it
  std::string bytes;
  bool filters_connections = false;  ///< it is for TCP, and not for HTTP

  std::string stem() const { return std::filesystem::path(name).stem().string(); }
};

/// Reads the .wasm file, or compiles the source, and checks what comes of it; says each as it is done.
/// `headers`: as for wasm::compile(). `server`: an Envoy that runs meanwhile, whose log is then read.
Expected<FilterModule> get_filter_module(Environment& environment, const std::filesystem::path& filter,
                                         const std::filesystem::path& headers = {},
                                         envoy::Server* server = nullptr);

}  // namespace wasmup::commands
