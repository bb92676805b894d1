// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../app.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::commands {
namespace {

class CleanTest : public FolderTest {
 protected:
  CleanTest() {
    write("hello/wasmup.yaml", "");
    write("hello/hello.cpp", "mine");
    write("hello/build/hello.wasm", "");
    write("cache/wasmup/zig/file", "");
    write("other/build/file", "mine");
    world_.folder = folder_ / "hello";
    world_.variables["XDG_CACHE_HOME"] = (folder_ / "cache").string();
  }
  ExitCode run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "clean");
    Environment environment = world_.environment(folder_);
    return run_app(arguments, environment);
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }
  FakeWorld world_;
};

TEST_F(CleanTest, removes_what_was_built_and_nothing_else) {
  EXPECT_EQ(run({}), ExitCode::ok);
  EXPECT_FALSE(exists("hello/build"));
  EXPECT_TRUE(exists("hello/hello.cpp"));
  EXPECT_TRUE(exists("cache/wasmup"));
  EXPECT_EQ(run({}), ExitCode::ok) << "once more";
}

TEST_F(CleanTest, removes_the_cache_when_asked) {
  EXPECT_EQ(run({"--cache"}), ExitCode::ok);
  EXPECT_FALSE(exists("cache/wasmup"));
  EXPECT_TRUE(exists("cache"));
}

TEST_F(CleanTest, leaves_folders_alone_that_are_no_filters) {
  EXPECT_EQ(run({(folder_ / "other").string()}), ExitCode::usage);
  EXPECT_EQ(run({(folder_ / "other").string(), "--cache"}), ExitCode::usage);
  EXPECT_TRUE(exists("other/build/file"));
}

}  // namespace
}  // namespace wasmup::commands
