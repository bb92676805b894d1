#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using wasmup::LogLevel;

TEST(@Type@, counts_in_both_directions) {
  Host host;
  host.open_connection().downstream_data("hello\n").upstream_data("answer\n").downstream_data("again\n", true);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::info, "12 bytes to the upstream, 7 from it")));
}

TEST(@Type@, lets_the_bytes_pass_as_they_are) {
  Host host;
  Connection connection = host.open_connection();
  connection.downstream_data("hello\n").upstream_data("answer\n");
  EXPECT_EQ(connection.to_upstream(), "hello\n");
  EXPECT_EQ(connection.to_client(), "answer\n");
}
