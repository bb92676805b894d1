// SPDX-License-Identifier: MIT
// What cannot be right is refused with its reason, and before Envoy is started.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../cli/os/descriptor.hpp"
#include "../../cli/wasm/assemble.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class BadInput : public ProgramTest {
 protected:
  BadInput() { set("WASMUP_ENVOY", marking_envoy().string()); }

  /// Runs it with an Envoy that must not be started.
  Result refused(std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"run", "--once"});
    const Result result = run(flags);
    EXPECT_FALSE(envoy_was_started()) << result.output;
    return result;
  }
  Result refused_filter(const std::filesystem::path& path) { return refused({"--filter", path.string()}); }
};

TEST_F(BadInput, an_unknown_flag_gets_a_suggestion) {
  const Result result = refused({"--prot", "8080"});
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output, AllOf(HasSubstr("--prot"), HasSubstr("did you mean --port?"),
                                   HasSubstr("next: wasmup run --help")));
}

TEST_F(BadInput, an_unknown_command_gets_a_suggestion) {
  const Result result = run({"tset"});
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output, HasSubstr("did you mean test?"));
}

TEST_F(BadInput, a_folder_without_a_filter_is_named) {
  write("empty/README.md", "nothing here");
  const Result result = refused_filter("empty");
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output, AllOf(HasSubstr("no filter in empty"), HasSubstr("next:")));
}

TEST_F(BadInput, a_missing_folder_is_named) {
  const Result result = refused_filter("nowhere");
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output, HasSubstr("no filter in nowhere"));
}

TEST_F(BadInput, a_source_that_does_not_compile_comes_with_the_compilers_message_and_our_pointer) {
  write("broken/broken.cpp", "#include <wasmup/wasmup.hpp>\n\nint f() { retrun 1; }\n");
  const Result result = refused_filter("broken");
  EXPECT_EQ(result.status, status(ExitCode::build_failed));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("broken does not compile"),
                    HasSubstr("\nbroken/broken.cpp:3:11: error: "),  // at the start of a line
                    HasSubstr("1 error generated."), HasSubstr("next: broken/broken.cpp:3:11: ")));
}

TEST_F(BadInput, a_callback_with_a_wrong_signature_is_pointed_to_by_name) {
  write("wrong/wrong.cpp",
        "#include <wasmup/wasmup.hpp>\n"
        "struct Wrong : wasmup::HttpFilter<> {\n"
        "  void on_response_headers(int) {}\n"
        "};\n"
        "WASMUP_REGISTER(Wrong)\n");
  const Result result = refused_filter("wrong");
  EXPECT_EQ(result.status, status(ExitCode::build_failed));
  EXPECT_THAT(result.output, AllOf(ContainsRegex("error: .*on_response_headers"),
                                   HasSubstr("next: wrong/wrong.cpp:3:8: on_response_headers")));
}

TEST_F(BadInput, a_callback_whose_name_is_misspelled_gets_the_nearest_one) {
  write("misspelled/misspelled.cpp",
        "#include <wasmup/wasmup.hpp>\n"
        "struct Misspelled : wasmup::HttpFilter<> {\n"
        "  void on_request_headers(wasmup::RequestHeaders) {}\n"
        "  void on_respose_headers(wasmup::ResponseHeaders) {}\n"
        "};\n"
        "WASMUP_REGISTER(Misspelled)\n");
  const Result result = run({"build", (folder_ / "misspelled").string()});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_THAT(
      result.output,
      HasSubstr("misspelled.cpp:4:8: warning: on_respose_headers is no callback of wasmup, and nothing "
                "calls it; did you mean on_response_headers?"));
}

TEST_F(BadInput, a_source_of_no_sdk_without_a_callback_does_not_build) {
  write("idle/idle.cpp",
        "#define EXPORT(name) extern \"C\" __attribute__((export_name(#name)))\n"
        "EXPORT(proxy_abi_version_0_2_1) void marker() {}\n"
        "EXPORT(malloc) void* take(unsigned long) { return nullptr; }\n");
  const Result result = run({"build", (folder_ / "idle").string()});
  EXPECT_EQ(result.status, status(ExitCode::build_failed)) << result.output;
  EXPECT_THAT(result.output, AllOf(HasSubstr("idle.wasm would do nothing"), HasSubstr("it has no callback")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "idle" / "build"));
}

TEST_F(BadInput, a_source_that_registers_no_filter_is_refused_with_the_cure) {
  write("forgot/forgot.cpp",
        "#include <wasmup/wasmup.hpp>\n"
        "struct Forgot : wasmup::HttpFilter<> {\n"
        "  void on_response_headers(wasmup::ResponseHeaders) {}\n"
        "};\n");
  const Result result = refused_filter("forgot");
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output, AllOf(HasSubstr("no Proxy-Wasm ABI marker"), HasSubstr("WASMUP_REGISTER")));
}

TEST_F(BadInput, a_file_name_cannot_become_a_flag_or_a_command) {
  write("odd; touch hacked/$(touch hacked) -x.cpp", "int f() { retrun 1; }\n");
  write("odd; touch hacked/@a.cpp", "");
  const Result result = refused_filter("odd; touch hacked");
  EXPECT_EQ(result.status, status(ExitCode::build_failed));
  EXPECT_THAT(result.output, HasSubstr("odd; touch hacked/$(touch hacked) -x.cpp:1:11: error: "));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "hacked"));
}

TEST_F(BadInput, invalid_json_is_refused_with_its_place) {
  const Result result = refused({"--config", "{\"colour\": red}"});
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output, AllOf(HasSubstr("--config is not valid JSON"), HasSubstr("line 1, column 12")));
}

TEST_F(BadInput, invalid_json_in_a_file_is_refused_with_its_place) {
  write("config.json", "{\n  \"colour\": \"red\",\n}\n");
  const Result result = refused({"--config", "@config.json"});
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("config.json is not valid JSON"), HasSubstr("line 3, column 1")));
}

TEST_F(BadInput, a_missing_configuration_file_is_named) {
  const Result result = refused({"--config", "@none.json"});
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output, AllOf(HasSubstr("none.json"), HasSubstr("No such file")));
}

TEST_F(BadInput, a_busy_port_is_named_with_who_holds_it) {
  const os::Descriptor listener(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener.get(), 1), 0);
  ASSERT_EQ(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string port = std::to_string(ntohs(address.sin_port));
  const Result result = refused({"--port", port});
  EXPECT_EQ(result.status, status(ExitCode::environment));
  EXPECT_THAT(result.output, AllOf(HasSubstr("127.0.0.1:" + port), HasSubstr(std::to_string(::getpid())),
                                   HasSubstr("--port"), Not(HasSubstr("compiled"))));
}

// Modules

TEST_F(BadInput, a_missing_module_is_named) {
  const Result result = refused_filter("none.wasm");
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output, AllOf(HasSubstr("none.wasm"), HasSubstr("No such file")));
}

TEST_F(BadInput, a_file_that_is_no_module_is_refused) {
  const Result result = refused_filter(write("text.wasm", "hello"));
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("text.wasm cannot run in Envoy"), HasSubstr("not a WebAssembly")));
}

TEST_F(BadInput, a_truncated_module_is_refused_with_the_place) {
  const std::string whole = wasm::minimal_module();
  const Result result = refused_filter(write("cut.wasm", whole.substr(0, whole.size() - 1)));
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output, HasSubstr("cut off at byte " + std::to_string(whole.size() - 1)));
}

TEST_F(BadInput, a_broken_module_is_refused_with_the_place) {
  const Result result = refused_filter(write("broken.wasm", wasm::minimal_module("(func (result i32))")));
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output, ContainsRegex("damaged.* at byte [0-9]+"));
}

TEST_F(BadInput, a_module_for_another_abi_is_refused) {
  const auto module = wasm::assemble(R"((module (memory (export "memory") 1)
      (func (export "proxy_abi_version_0_3_0"))
      (func (export "malloc") (param i32) (result i32) (i32.const 0))))");
  const Result result = refused_filter(write("new.wasm", module));
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output, HasSubstr("proxy_abi_version_0_3_0"));
}

TEST_F(BadInput, a_module_with_an_unknown_import_is_refused_by_name) {
  const Result result =
      refused_filter(write("import.wasm", wasm::minimal_module(R"((import "env" "frobnicate_it" (func)))")));
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output, HasSubstr("env.frobnicate_it"));
}

TEST_F(BadInput, a_modules_names_cannot_write_to_the_terminal) {
  const Result result = refused_filter(
      write("escape.wasm", wasm::minimal_module("(import \"env\" \"\\1b[2J\\1b[31m\" (func))")));
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output, AllOf(HasSubstr("\\x1b[2J"), Not(HasSubstr("\x1b"))));
}

// Envoy

TEST_F(BadInput, a_missing_envoy_is_named) {
  const Result result = refused({"--envoy", "./none"});
  EXPECT_EQ(result.status, status(ExitCode::environment));
  EXPECT_THAT(result.output, AllOf(HasSubstr("--envoy"), HasSubstr("./none")));
}

TEST_F(BadInput, an_envoy_that_dies_at_start_is_quoted) {
  const auto module = write("my.wasm", wasm::minimal_module());
  write_script("dying", "echo 'version GLIBC_9.99 not found' >&2\nexit 127\n");
  const Result result = run({"run", "--once", "--filter", module.string(), "--envoy", "./dying"});
  EXPECT_EQ(result.status, status(ExitCode::environment));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("Envoy did not start"), HasSubstr("version GLIBC_9.99 not found")));
}

TEST_F(BadInput, a_compiler_that_is_wanted_and_missing_is_named) {
  set("WASMUP_WASM_CXX", "/none/clang++");
  const Result result = refused({});
  EXPECT_EQ(result.status, status(ExitCode::environment));
  EXPECT_THAT(result.output, AllOf(HasSubstr("WASMUP_WASM_CXX"), HasSubstr("/none/clang++")));
}

}  // namespace
}  // namespace wasmup
