// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../app.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class NewTest : public FolderTest {
 protected:
  NewTest() {
    write("templates/common/README.md", "# @name@\n");
    write("templates/auth/@name@.cpp", "struct @Type@ {};\n");
  }
  ExitCode run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "new");
    Environment environment = world_.environment(folder_);
    return run_app(arguments, environment);
  }
  FakeWorld world_;
};

TEST_F(NewTest, writes_the_template_and_says_what_and_what_next) {
  const std::string folder = (folder_ / "filters/keys").string();
  EXPECT_EQ(run({folder, "--template", "auth"}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), AllOf(HasSubstr(folder + "/README.md"), HasSubstr(folder + "/keys.cpp"),
                                      HasSubstr("cd " + folder + " && wasmup run")));
}

TEST_F(NewTest, takes_a_slash_at_the_end) {
  EXPECT_EQ(run({(folder_ / "keys/").string(), "--template", "auth"}), ExitCode::ok);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "keys/keys.cpp"));
}

TEST_F(NewTest, refuses_a_name_a_kind_and_a_folder_that_cannot_be) {
  EXPECT_EQ(run({(folder_ / "Keys").string()}), ExitCode::usage);
  EXPECT_EQ(run({(folder_ / "keys").string(), "--template", "magic"}), ExitCode::usage);
  EXPECT_EQ(run({}), ExitCode::usage);
  write("taken/file", "mine");
  EXPECT_EQ(run({(folder_ / "taken").string(), "--template", "auth"}), ExitCode::usage);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "taken/taken.cpp"));
}

}  // namespace
}  // namespace wasmup::commands
