// SPDX-License-Identifier: MIT
// `wasmup bench` in the real Envoy. How much it measures depends on the machine; what is more does not.
#include <nlohmann/json.hpp>

#include "../../cli/wasm/assemble.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Json = nlohmann::json;

class Bench : public ProgramTest {
 protected:
  std::string module(const std::string& name, const std::string& fields = "") {
    return write(name, wasm::minimal_module(fields)).string();
  }
  Json bench(std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"bench", "--json"});
    const Result result = run(flags);
    EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
    return Json::parse(result.output, nullptr, false);
  }
};

/// A callback that turns a loop so often.
std::string turning(int times) {
  return R"((func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (local $left i32)
      (local.set $left (i32.const )" +
         std::to_string(times) + R"())
      (loop $again
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br_if $again (local.get $left)))
      (i32.const 0)))";
}

TEST_F(Bench, what_a_filter_does_is_measured) {
  const Json report = bench({module("busy.wasm", turning(300'000)), "--seconds", "3"});
  const Json& added = report.at("variants").at(1).at("added_microseconds");
  EXPECT_GT(added.at("low"), 10) << report.dump(2);
  EXPECT_EQ(added.at("includes_zero"), false);
  for (const Json& variant : report.at("variants")) EXPECT_EQ(variant.at("by_status").size(), 1U);
  EXPECT_GE(report.at("blocks"), 6);
}

/// The negative control. One in twenty intervals does not hold what it should: that it is wide of it is what
/// cannot be.
TEST_F(Bench, a_module_takes_as_long_as_itself) {
  const std::string busy = module("busy.wasm", turning(3000));
  const Json report = bench({busy, "--against", module("same.wasm", turning(3000)), "--seconds", "3"});
  const Json& difference = report.at("difference_microseconds");
  const double base = report.at("variants").at(0).at("cpu_microseconds");
  EXPECT_LT(difference.at("low"), base / 4) << report.dump(2);
  EXPECT_GT(difference.at("high"), -base / 4) << report.dump(2);
}

TEST_F(Bench, prints_a_table_and_a_verdict) {
  const Result result =
      run({"bench", module("busy.wasm", turning(300'000)), "--against", "native", "--seconds", "1"});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("added (95 % confidence)"), HasSubstr("\nheader mutation  "),
                    HasSubstr("result    busy.wasm takes "), HasSubstr("more than header mutation")));
}

TEST_F(Bench, a_module_that_traps_is_exit_code_1_with_the_function) {
  const Result result = run(
      {"bench",
       module("traps.wasm",
              R"((func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) unreachable))")});
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output, HasSubstr("traps.wasm trapped in proxy_on_request_headers"));
}

TEST_F(Bench, a_module_that_loops_for_ever_is_exit_code_1) {
  const Result result =
      run({"bench",
           module("loops.wasm", R"((func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                                          (loop $again (br $again)) (i32.const 0)))")});
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output, AllOf(HasSubstr("loops.wasm keeps Envoy from answering"), HasSubstr("loops")));
}

TEST_F(Bench, a_module_that_refuses_its_configuration_is_exit_code_4) {
  const Result result =
      run({"bench",
           module("no.wasm",
                  R"((func (export "proxy_on_configure") (param i32 i32) (result i32) (i32.const 0)))")});
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output, HasSubstr("Envoy did not take no.wasm"));
}

}  // namespace
}  // namespace wasmup
