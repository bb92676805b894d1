// SPDX-License-Identifier: MIT
// A trap in the real Envoy, from `wasmup build` to the line of the source.
#include "../../cli/text/file.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class Symbolize : public ProgramTest {
 protected:
  /// A filter whose second function traps, on line 4.
  std::string build(const std::string& name, const std::string& more = "") {
    write(name + "/deep.cpp",
          "#include <wasmup/wasmup.hpp>\n"
          "namespace {\n"
          "[[gnu::noinline]] int divide(size_t by) {\n"
          "  if (by == 0) __builtin_trap();\n"
          "  return static_cast<int>(100 / by);\n"
          "}\n"
          "}\n"
          "struct Deep : wasmup::HttpFilter<> {\n"
          "  void on_response_headers(wasmup::ResponseHeaders headers) {\n" +
              more +
              "    const auto value = headers.get(\"x-none\");\n"
              "    if (divide(value ? 1 : 0) == 7) headers.set(\"x-deep\", \"1\").ignore();\n"
              "  }\n"
              "};\n"
              "WASMUP_REGISTER(Deep)\n");
    const std::string module = (folder_ / name / "deep.wasm").string();
    const Result built = run({"build", name, "-o", module});
    EXPECT_EQ(built.status, status(ExitCode::ok)) << built.output;
    return module;
  }
  /// What Envoy says of the trap.
  std::string log_of_trap(const std::string& module) {
    const Result result = run({"run", "--once", "--filter", module});
    EXPECT_EQ(result.status, status(ExitCode::check_failed)) << result.output;
    return write("envoy.log", result.output).string();
  }
  static std::string symbols_of(std::string module) {
    return module.replace(module.size() - 5, 5, ".symbols.wasm");
  }
};

TEST_F(Symbolize, a_trap_of_a_built_module_is_led_back_to_its_function) {
  const std::string module = build("one");
  const std::string log = log_of_trap(module);
  EXPECT_THAT(text::read_file(log).value(),
              ContainsRegex("0: +0x[0-9a-f]+ - unknown\\(function index:[0-9]+\\)"));
  const Result result = run({"symbolize", log, "--symbols", symbols_of(module), "--module", module});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_THAT(result.output, AllOf(ContainsRegex("0: +0x[0-9a-f]+ - .*divide"), Not(HasSubstr("unknown("))));
  // With files and lines, where there is a tool for them; else it says how to get it.
  EXPECT_TRUE(result.output.contains(" at deep.cpp:4:") || result.output.contains("apt-get install llvm"))
      << result.output;
}

TEST_F(Symbolize, symbols_of_another_build_are_refused) {
  const std::string module = build("one");
  const std::string other = build("other", "    wasmup::log::warn(\"another build\");\n");
  const std::string log = log_of_trap(module);
  const Result by_log = run({"symbolize", log, "--symbols", symbols_of(other)});
  EXPECT_EQ(by_log.status, status(ExitCode::check_failed)) << by_log.output;
  EXPECT_THAT(by_log.output, HasSubstr("does not belong to the module that trapped"));
  const Result by_module = run({"symbolize", log, "--symbols", symbols_of(other), "--module", module});
  EXPECT_EQ(by_module.status, status(ExitCode::check_failed));
  EXPECT_THAT(by_module.output, HasSubstr("does not belong to " + module));
}

}  // namespace
}  // namespace wasmup
