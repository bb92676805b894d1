// SPDX-License-Identifier: MIT
// reference markdown|man [FILE]: prints it, or compares it with a file.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "reference.hpp"
#include "testing/fake_world.hpp"

int main(int argc, char** argv) {
  wasmup::FakeWorld world;
  wasmup::Environment environment = world.environment();
  const bool is_man = argc > 1 && std::string(argv[1]) == "man";
  const std::string page =
      is_man ? wasmup::reference_man(environment) : wasmup::reference_markdown(environment);
  if (argc < 3) {
    std::cout << page;
    return 0;
  }
  std::ifstream file(argv[2]);
  const std::string there{std::istreambuf_iterator<char>(file), {}};
  if (there == page) return 0;
  std::cerr << argv[2] << " is not up to date\n  run: cmake --build BUILD --target reference\n";
  return 1;
}
