// SPDX-License-Identifier: MIT
#include "reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

#include "app.hpp"
#include "testing/fake_world.hpp"

namespace wasmup {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ReferenceTest : public testing::Test {
 protected:
  FakeWorld world_;
  Environment environment_ = world_.environment();
};

TEST_F(ReferenceTest, has_every_commands_help_as_it_is_printed) {
  const std::string page = reference_markdown(environment_);
  for (const std::string& command : command_names(environment_)) {
    world_.out.str("");
    std::vector<std::string> words;
    std::istringstream text(command);
    for (std::string word; text >> word;) words.push_back(word);
    words.emplace_back("--help");
    run_app(words, environment_);
    EXPECT_THAT(page, HasSubstr("\n## wasmup " + command + "\n\n```text\n" + world_.out.str() + "```\n"));
  }
  world_.out.str("");
  run_app({"--help"}, environment_);
  EXPECT_THAT(page, HasSubstr(world_.out.str()));
}

TEST_F(ReferenceTest, is_a_man_page_without_lines_that_man_would_take_for_its_own) {
  const std::string page = reference_man(environment_);
  EXPECT_THAT(page, StartsWith(".TH WASMUP 1"));
  EXPECT_THAT(page, HasSubstr(".SH \"WASMUP run\""));
  EXPECT_THAT(page, HasSubstr("\\-\\-once"));
}

}  // namespace
}  // namespace wasmup
