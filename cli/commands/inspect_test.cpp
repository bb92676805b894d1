// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../app.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../wasm/assemble.hpp"

namespace wasmup::commands {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

class InspectTest : public FolderTest {
 protected:
  ExitCode inspect(const std::string& module, std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {"inspect", write("m.wasm", module).string()});
    Environment environment = world_.environment();
    return run_app(flags, environment);
  }
  json report(const std::string& module, ExitCode expected = ExitCode::ok) {
    EXPECT_EQ(inspect(module, {"--json"}), expected) << world_.err.str();
    return json::parse(world_.out.str());
  }
  std::string out() const { return world_.out.str(); }
  std::string error() const { return world_.err.str(); }

  FakeWorld world_;
};

const char* const filter = R"(
    (import "env" "proxy_log" (func (param i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (func (export "_initialize"))
    (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32) (i32.const 0))
    (func (export "proxy_on_log") (param i32)))";

TEST_F(InspectTest, shows_what_a_module_asks_of_envoy_and_what_is_in_it) {
  EXPECT_EQ(inspect(wasm::minimal_module(filter)), ExitCode::ok) << error();
  EXPECT_THAT(out(), AllOf(HasSubstr("abi       0.2.1\n"),
                           HasSubstr("callbacks proxy_on_response_headers  once a response\n"
                                     "          proxy_on_log               once a stream"),
                           HasSubstr("entries   2 into the VM"),
                           HasSubstr("hostcalls env.proxy_log  (i32 i32 i32) -> i32\n"),
                           HasSubstr("wasi      wasi_snapshot_preview1.fd_write  (i32 i32 i32 i32) -> i32\n"),
                           HasSubstr("start     _initialize\n")));
  EXPECT_THAT(out(), AllOf(HasSubstr("memory    1 page at first (64 KiB)"), HasSubstr("code"),
                           HasSubstr("functions 5 in all"), HasSubstr("verdict   loads in Envoy")));
}

TEST_F(InspectTest, shows_which_root_ids_a_module_serves) {
  const std::string asks =
      R"((import "env" "proxy_get_property" (func (param i32 i32 i32 i32) (result i32))))";
  inspect(wasm::minimal_module(asks + R"((data (i32.const 64) "wasmup root ids\0aauth\00limit\00\00"))"));
  EXPECT_THAT(out(), HasSubstr("root id   auth, limit\n"));
  inspect(wasm::minimal_module(asks + R"((data (i32.const 64) "plugin_root_id"))"));
  EXPECT_THAT(out(), HasSubstr("root id   it asks Envoy for its own, and may know only some\n"));
  inspect(wasm::minimal_module());
  EXPECT_THAT(out(), HasSubstr("root id   any: it does not ask for it\n"));
}

/// Of a module that somebody else has made.
TEST_F(InspectTest, a_name_makes_no_line_and_turns_none_round) {
  const auto with_section = [](const std::string& name) {
    std::string section{char(name.size())};
    section += name;
    return wasm::minimal_module() + std::string{'\0', char(section.size())} + section;
  };
  for (const std::string name : {"x\nloads     yes", "x\r\nverdict   loads", "\xe2\x80\xae", "\xc2\x9b[2J",
                                 "\x80\x9b", "\x1b[2J", "\xe2\x80\x8b"}) {
    world_.out.str("");
    inspect(with_section(name));
    EXPECT_THAT(out(), HasSubstr("custom    ")) << error();
    EXPECT_THAT(out(), Not(HasSubstr(name)));
    EXPECT_THAT(out(), Not(AnyOf(HasSubstr("\nloads"), HasSubstr("  loads     yes"),
                                 HasSubstr("\nverdict   loads\n"))));
    world_.out.str("");
    inspect(with_section(name), {"--json"});
    EXPECT_THAT(out(), Not(HasSubstr(name)));
    EXPECT_TRUE(json::accept(out()));
  }
}

TEST_F(InspectTest, a_name_makes_no_line_of_an_error_either) {
  inspect(wasm::assemble(R"((module (import "env" "x\0a  next: rm -rf" (func))
      (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1"))))"));
  EXPECT_THAT(error(), HasSubstr("env.x\\n  next: rm -rf"));
}

TEST_F(InspectTest, says_the_same_as_json) {
  const json said = report(wasm::minimal_module(filter));
  EXPECT_EQ(said["verdict"], "loads");
  EXPECT_EQ(said["abi"], "0.2.1");
  EXPECT_EQ(said["callbacks"][0]["name"], "proxy_on_response_headers");
  EXPECT_EQ(said["vm_entries_an_exchange"], 2);
  EXPECT_EQ(said["hostcalls"].size(), 1U);
  EXPECT_EQ(said["wasi"][0]["name"], "fd_write");
  EXPECT_EQ(said["start"], json{"_initialize"});
  EXPECT_EQ(said["root_ids"]["names"], json::array());
  EXPECT_EQ(said["memories"][0]["initial_pages"], 1);
  EXPECT_EQ(said["memories"][0]["maximum_pages"], nullptr);
  EXPECT_EQ(said["findings"], json::array());
  size_t bytes = 8;
  for (const json& section : said["sections"]) bytes += section["bytes"].get<size_t>();
  EXPECT_EQ(bytes, said["bytes"]);
}

TEST_F(InspectTest, lists_as_many_functions_as_it_is_asked_for_the_largest_first) {
  inspect(wasm::minimal_module(filter), {"--json", "--functions", "1"});
  EXPECT_EQ(json::parse(out())["functions"].size(), 1U);
  EXPECT_EQ(json::parse(out())["functions"][0]["name"], "malloc");
  world_.out.str("");
  inspect(wasm::minimal_module(filter), {"--json", "--functions", "0"});
  EXPECT_EQ(json::parse(out())["functions"].size(), 5U);
}

TEST_F(InspectTest, refuses_with_every_reason_its_place_and_its_cure) {
  EXPECT_EQ(inspect(wasm::assemble(R"((module (import "env" "proxy_get_propetry" (func))
      (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1"))))")),
            ExitCode::module_refused);
  EXPECT_THAT(out(), AllOf(HasSubstr("abi       0.2.1"), Not(HasSubstr("verdict"))));
  EXPECT_THAT(error(),
              AllOf(HasSubstr("m.wasm cannot run in Envoy"),
                    HasSubstr("env.proxy_get_propetry, and Envoy offers no such function (byte 25)"),
                    HasSubstr("no allocator"), HasSubstr("next: did you mean env.proxy_get_property?")));
}

TEST_F(InspectTest, refuses_as_json_too) {
  const json said = report(wasm::assemble("(module)"), ExitCode::module_refused);
  EXPECT_EQ(said["verdict"], "refused");
  EXPECT_EQ(said["abi"], nullptr);
  EXPECT_EQ(said["findings"][0]["severity"], "refusal");
}

TEST_F(InspectTest, loads_with_a_warning) {
  EXPECT_EQ(inspect(wasm::minimal_module(
                R"((func (export "proxy_on_response_header") (param i32 i32 i32) (result i32) (i32.const 0))
             (func (export "proxy_on_tick") (param i32)))")),
            ExitCode::ok);
  EXPECT_THAT(
      out(),
      AllOf(HasSubstr("warning   it exports proxy_on_response_header, which Envoy never calls"),
            HasSubstr("          did you mean proxy_on_response_headers?\n"), HasSubstr("verdict   loads")));
}

TEST_F(InspectTest, says_of_a_module_without_a_callback_that_it_does_nothing) {
  const std::string idle = wasm::idle_module(R"((func (export "_initialize")))");
  EXPECT_EQ(inspect(idle), ExitCode::ok);
  EXPECT_THAT(
      out(),
      AllOf(
          HasSubstr("callbacks none\n"),
          HasSubstr("warning   it has no callback: every request and every connection passes it untouched\n"),
          HasSubstr("verdict   loads")));
  world_.out.str("");
  const json said = report(idle);
  ASSERT_EQ(said["findings"].size(), 1U);
  EXPECT_EQ(said["findings"][0]["severity"], "warning");
  EXPECT_THAT(said["findings"][0]["seen"].get<std::string>(), HasSubstr("it has no callback"));
  world_.out.str("");
  EXPECT_EQ(report(wasm::minimal_module(filter))["findings"], json::array());
}

TEST_F(InspectTest, of_what_is_no_module_says_why) {
  EXPECT_EQ(inspect("hello"), ExitCode::module_refused);
  EXPECT_THAT(error(), HasSubstr("not a WebAssembly file"));
  world_.out.str("");
  EXPECT_EQ(report("hello", ExitCode::module_refused)["sections"], json::array());
}

TEST_F(InspectTest, names_that_are_no_text_are_shown_and_json_stays_valid) {
  const std::string name = std::string("\0\3\2\xff\xfe", 5);  // a custom section
  inspect(wasm::minimal_module() + name, {"--json"});
  EXPECT_TRUE(json::accept(out()));
}

TEST_F(InspectTest, a_long_name_makes_no_other_line_longer) {
  std::string module = wasm::minimal_module() + std::string("\0\x82\x27\x80\x27", 5) + std::string(4992, 'x');
  for (int i = 0; i < 100; ++i) module += std::string("\0\2\1y", 4);  // a hundred custom sections more
  inspect(module);
  EXPECT_THAT(out(), HasSubstr("y         4 bytes\n"));
  EXPECT_LT(out().size(), 20'000U);
}

TEST_F(InspectTest, what_has_no_end_or_is_too_large_is_not_read) {
  Environment environment = world_.environment();
  EXPECT_EQ(run_app({"inspect", "/dev/zero"}, environment), ExitCode::usage);
  EXPECT_THAT(error(), HasSubstr("it is no file"));
  std::filesystem::resize_file(write("m.wasm", ""), uintmax_t{1} << 30);
  EXPECT_EQ(run_app({"inspect", (folder_ / "m.wasm").string()}, environment), ExitCode::usage);
  EXPECT_THAT(error(), HasSubstr("too large for a module"));
}

TEST_F(InspectTest, a_missing_file_is_named) {
  Environment environment = world_.environment();
  EXPECT_EQ(run_app({"inspect", (folder_ / "none.wasm").string()}, environment), ExitCode::usage);
  EXPECT_THAT(error(), HasSubstr("none.wasm"));
}

}  // namespace
}  // namespace wasmup::commands
