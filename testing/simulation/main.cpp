// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include <wasmup/testing/simulation.hpp>

/// The simulation that each filter has without a line by its author:
///
///     NAME_native_simulation --name native/NAME --configuration FILE
///     wasmup_module_simulation --name module/NAME --configuration FILE --module NAME.wasm
///
/// `--allow-on-headers-stop-iteration yes` is Envoy's setting. `--cluster NAME` is one that Envoy knows in
/// each run. `--failing-hostcalls no` leaves out runs in which hostcalls fail, `--leaving-clients no` clients
/// that leave.
namespace wasmup::testing {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::string bytes(file ? static_cast<size_t>(file.tellg()) : 0, '\0');
  file.seekg(0).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

/// What the SDK leaves in the data of a program or module: the root ids of its filters, and whether one of
/// them serves any other.
std::vector<std::string> root_ids_in(const std::string& program) {
  std::string words = "wasmup root";
  words += " ids\n";  // not one literal: it would be found in this program
  size_t at = program.find(words);
  if (at == std::string::npos) return {};
  std::vector<std::string> ids;
  for (at += words.size(); at < program.size() && program[at] != '\0' && program[at] != '\1';) {
    ids.emplace_back(program.c_str() + at);
    at += ids.back().size() + 1;
  }
  return ids;
}

class Simulated : public ::testing::Test {
 public:
  Simulated(SimulationOptions options) : options_(std::move(options)) {}
  void TestBody() override {
    const SimulationReport report = simulate(options_);
    std::printf("%zu runs, %zu streams, %zu hostcalls made to fail", report.runs, report.streams,
                report.failed_hostcalls);
    if (!report.passed()) std::printf("; found after %d ms", static_cast<int>(report.found_after.count()));
    std::printf("\n");
  }

 private:
  SimulationOptions options_;
};

int simulate_filter(int count, char** arguments) {
  ::testing::InitGoogleTest(&count, arguments);
  std::string name = "simulation";
  std::string program = "/proc/self/exe";
  SimulationOptions options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string flag = arguments[i];
    const std::string value = arguments[i + 1];
    if (flag == "--name") name = value;
    if (flag == "--configuration") options.host.plugin_configuration = read_file(value);
    if (flag == "--allow-on-headers-stop-iteration") {
      options.host.allow_on_headers_stop_iteration = value == "yes";
    }
    if (flag == "--cluster") options.host.clusters.push_back(value);
    if (flag == "--failing-hostcalls") options.fails_hostcalls = value != "no";
    if (flag == "--leaving-clients") options.clients_leave = value != "no";
    if (flag == "--module") {
      program = value;
      setenv("WASMUP_SIMULATED_MODULE", value.c_str(), 1);
    }
  }
  options.command = [name](const std::string& seed) {
    return "wasmup test --simulate seed=" + seed + " --filter '^" + name + ".simulation$'";
  };
  std::vector<std::string> ids = root_ids_in(read_file(program));
  if (ids.empty()) ids.push_back(options.host.root_id);
  // Filters of one module share the time.
  double seconds = 1;
  if (const char* const given = std::getenv("WASMUP_SIMULATE_SECONDS")) seconds = std::strtod(given, nullptr);
  seconds /= static_cast<double>(ids.size());
  setenv("WASMUP_SIMULATE_SECONDS", std::to_string(seconds).c_str(), 1);
  for (const std::string& id : ids) {
    options.host.root_id = id;
    ::testing::RegisterTest("simulation", id.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                            [options]() -> Simulated* { return new Simulated(options); });
  }
  return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace wasmup::testing

int main(int count, char** arguments) { return wasmup::testing::simulate_filter(count, arguments); }
