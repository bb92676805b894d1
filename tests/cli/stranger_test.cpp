// SPDX-License-Identifier: MIT
// What a folder of somebody else's may try with the commands that one runs in it.
#include <fstream>
#include <functional>
#include <signal.h>
#include <sys/stat.h>

#include "../../cli/os/confinement.hpp"
#include "../../cli/wasm/assemble.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* filter =
    "#include <wasmup/wasmup.hpp>\n"
    "struct F : wasmup::HttpFilter<> { void on_response_headers(wasmup::ResponseHeaders h) { h.set(\"a\", "
    "text()).ignore(); }\n"
    "  static std::string_view text() { return \"b\"; } };\n"
    "WASMUP_REGISTER(F)\n";

class Stranger : public ProgramTest {
 protected:
  Stranger() {
    set("WASMUP_ENVOY", marking_envoy().string());
    write("private/secret", "top-secret-words");
    write("theirs/wasmup.yaml", "root_id: a\n");
    write("theirs/hello.cpp", filter);
  }

  Result run_there(std::vector<std::string> arguments) {
    arguments.emplace_back("theirs");
    return run(arguments);
  }

  static std::string content(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  bool private_is_untouched() const {
    return content(folder_ / "private/secret") == "top-secret-words" &&
           std::distance(fs::directory_iterator(folder_ / "private"), fs::directory_iterator()) == 1;
  }
};

TEST_F(Stranger, a_source_takes_no_file_of_the_users_into_the_module) {
  if (!os::can_confine()) GTEST_SKIP() << "this kernel has no Landlock";
  const std::string secret = (folder_ / "private/secret").string();
  fs::create_symlink(secret, folder_ / "theirs/link");
  for (const std::string& path : {secret, std::string("../private/secret"), std::string("link")}) {
    for (const std::string& line : {"static const char taken[] = {\n#embed \"" + path + "\"\n, 0};\n",
                                    "asm(\".section .rodata.x,\\\"\\\",@\\ntaken:\\n.incbin \\\"" + path +
                                        "\\\"\\n.size taken,16\\n\");\n",
                                    "#include \"" + path + "\"\n"}) {
      write("theirs/hello.cpp", line + filter);
      const Result built = run_there({"build"});
      EXPECT_NE(built.status, 0) << line;
      EXPECT_THAT(built.output, Not(HasSubstr("top-secret"))) << line;
      EXPECT_FALSE(fs::exists(folder_ / "theirs/build/theirs.wasm"));
    }
  }
}

TEST_F(Stranger, what_its_source_needs_of_its_repository_is_read) {
  fs::create_directories(folder_ / "repository/.git");
  write("repository/common/words.hpp", "constexpr const char* words = \"b\";\n");
  write("repository/hello/hello.cpp", std::string("#include \"../common/words.hpp\"\n") + filter);
  const Result built = run({"build", "repository/hello"});
  EXPECT_EQ(built.status, 0) << built.output;
}

TEST_F(Stranger, links_in_the_place_of_what_is_built_lead_nowhere) {
  fs::create_symlink("../private", folder_ / "theirs/build");
  EXPECT_NE(run_there({"build"}).status, 0);
  EXPECT_NE(run_there({"image", "--no-git"}).status, 0);
  EXPECT_TRUE(private_is_untouched());
  fs::remove(folder_ / "theirs/build");
  for (const char* name :
       {"theirs.wasm", "theirs.wasm.new", "theirs.symbols.wasm", "theirs.symbols.wasm.new"}) {
    fs::create_directories(folder_ / "theirs/build");
    fs::create_symlink(folder_ / "private/secret", folder_ / "theirs/build" / name);
  }
  const Result built = run_there({"build"});
  EXPECT_EQ(built.status, 0) << built.output;
  EXPECT_TRUE(private_is_untouched());
}

TEST_F(Stranger, a_planted_layout_costs_no_file) {
  write("m.wasm", wasm::minimal_module());
  write("m.oci/oci-layout", "{}");
  fs::create_directories(folder_ / "m.oci/blobs");
  fs::create_symlink(folder_ / "private", folder_ / "m.oci/blobs/sha256");
  const Result result = run({"image", "m.wasm", "--no-git"});
  EXPECT_EQ(result.status, status(ExitCode::usage)) << result.output;
  EXPECT_TRUE(private_is_untouched());
}

TEST_F(Stranger, no_file_of_the_users_becomes_a_configuration_or_a_request) {
  fs::create_symlink("../private/secret", folder_ / "theirs/link");
  for (const std::string& name :
       {std::string("../private/secret"), (folder_ / "private/secret").string(), std::string("link"),
        std::string("/dev/zero"), std::string("/proc/self/environ")}) {
    for (const char* setting : {"config", "requests"}) {
      write("theirs/wasmup.yaml", std::string(setting) + ": " + name + "\n");
      const Result result = run_there({"run", "--once", "--filter"});
      EXPECT_EQ(result.status, status(ExitCode::usage)) << setting << " " << name << "\n" << result.output;
      EXPECT_THAT(result.output, Not(HasSubstr("top-secret")));
      EXPECT_FALSE(envoy_was_started());
    }
  }
}

TEST_F(Stranger, its_requests_go_to_the_filter_alone) {
  write("theirs/wasmup.yaml", "requests: requests.yaml\n");
  write("theirs/requests.yaml",
        "requests: [{url: 'http://127.0.0.1:9/containers/create', method: POST, expect: {status: 200}}]\n");
  const Result result = run_there({"run", "--once", "--filter"});
  EXPECT_EQ(result.status, status(ExitCode::usage)) << result.output;
  EXPECT_THAT(result.output, HasSubstr("a file that you name yourself"));
  EXPECT_FALSE(envoy_was_started());
}

TEST_F(Stranger, pipes_and_devices_hold_nothing_up) {
  const fs::path settings = folder_ / "theirs/wasmup.yaml";
  const fs::path source = folder_ / "theirs/more.cpp";
  fs::remove(settings);
  for (const auto& [plant, what] :
       {std::pair<std::function<void(const fs::path&)>, const char*>{
            [](const fs::path& path) { fs::create_symlink("/dev/zero", path); }, "a link to a device"},
        {[](const fs::path& path) { ::mkfifo(path.c_str(), 0600); }, "a pipe"}}) {
    for (const fs::path& path : {settings, source}) {
      plant(path);
      const Result result = run_there({"run", "--once", "--filter"});
      if (path == settings) {
        EXPECT_EQ(result.status, status(ExitCode::usage)) << what << "\n" << result.output;
      }
      fs::remove(path);
    }
  }
}

TEST_F(Stranger, what_is_waited_for_ends_with_ctrl_c) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe.yaml").c_str(), 0600), 0);
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto running = start({"verify", "pipe.yaml"});
    const std::ofstream writer(folder_ / "pipe.yaml");  // waits until the program reads
    running->send(signal);
    EXPECT_EQ(running->wait().status, status(ExitCode::interrupted));
  }
}

}  // namespace
}  // namespace wasmup
