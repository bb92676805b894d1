// SPDX-License-Identifier: MIT
// The table of docs/other_sdks.md: table NAME=MODULE...
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>

#include <wasmup/testing.hpp>

#include "module_path.hpp"

namespace wasmup::testing {
namespace {

std::string module_to_measure;

constexpr int requests = 2000;

void exchange(Host& host) {
  host.exchange(get("/", {{"x-name", "ada"}, {"x-other", "theirs"}}), reply(200, "body"));
}

}  // namespace

std::string module_path() { return module_to_measure; }

}  // namespace wasmup::testing

int main(int count, char** arguments) {
  using namespace wasmup::testing;
  std::cout << "| SDK | bytes | hostcalls to start | pages | pages after " << requests
            << " requests | VM entries a request | hostcalls a request |\n"
               "|---|---:|---:|---:|---:|---:|---:|\n";
  for (int i = 1; i != count; ++i) {
    const std::string_view argument = arguments[i];
    const size_t end = argument.find('=');
    module_to_measure = argument.substr(end + 1);
    Host host(HostOptions{.plugin_configuration = "blue", .root_id = "other_sdks"});
    if (!host.is_running()) {
      std::cerr << argument << ": " << host.failure() << "\n";
      return 1;
    }
    const size_t to_start = host.hostcalls().size();
    const size_t pages = host.memory_pages().value_or(0);
    exchange(host);  // what the first one alone does
    host.clear_records();
    exchange(host);
    const size_t entries = host.vm_entries();
    const size_t hostcalls = host.hostcalls().size();
    for (int done = 2; done != requests; ++done) exchange(host);
    std::cout << "| " << argument.substr(0, end) << " | " << std::filesystem::file_size(module_to_measure)
              << " | " << to_start << " | " << pages << " | " << host.memory_pages().value_or(0) << " | "
              << entries << " | " << hostcalls << " |\n";
  }
}
