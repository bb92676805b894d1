// SPDX-License-Identifier: MIT
#include "state.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include "../testing/folder_test.hpp"

namespace wasmup::gateway {
namespace {

class StateTest : public FolderTest {
 protected:
  Layout layout() const { return Layout(folder_); }
};

TEST_F(StateTest, what_is_written_is_read) {
  ASSERT_TRUE(gateway::write(layout(), Settings{"/eg", "/envoy", "1.40.0", "/registry", 1, 2, {"NAME"}}));
  EXPECT_EQ(read_settings(layout())->envoy_version, "1.40.0");
  EXPECT_EQ(read_settings(layout())->variables, std::vector<std::string>{"NAME"});
  ASSERT_TRUE(gateway::write(layout(), Objects{{{{"kind", "A"}}}, {{"a/b", "h:1"}}, {{"a/b/80", 7}}}));
  EXPECT_EQ(read_objects(layout())->ports.at("a/b/80"), 7);
  EXPECT_EQ(read_objects(layout())->objects.at(0)["kind"], "A");
}

TEST_F(StateTest, a_gateway_runs_while_its_supervisor_lives) {
  EXPECT_FALSE(find_running(layout()));
  Running running{
      os::identify(::getpid()).value(), true, "", {{"controller", {1, 2}, 3, "ended with status 1"}}};
  ASSERT_TRUE(gateway::write(layout(), running));
  ASSERT_TRUE(find_running(layout()));
  EXPECT_EQ(find_running(layout())->processes.at(0).starts, 3);
  ++running.supervisor.started;
  ASSERT_TRUE(gateway::write(layout(), running));
  EXPECT_FALSE(find_running(layout()));
  EXPECT_TRUE(read_running(layout()));
}

TEST_F(StateTest, files_of_any_shape_are_none) {
  for (const char* text : {"", "[]", "{}", "{\"supervisor\": 1}", "{\"objects\": 1, \"backends\": 2}"}) {
    for (const auto& file : {layout().settings(), layout().processes(), layout().objects()})
      write(file, text);
    EXPECT_FALSE(read_settings(layout())) << text;
    EXPECT_FALSE(read_running(layout())) << text;
    EXPECT_FALSE(read_objects(layout())) << text;
  }
}

}  // namespace
}  // namespace wasmup::gateway
