// SPDX-License-Identifier: MIT
#include "suggestion.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace wasmup::text {
namespace {

const std::vector<std::string> flags{"--filter", "--port", "--upstream", "--once", "--config"};

TEST(suggestion, a_letter_too_few_is_found) { EXPECT_EQ(nearest("--prt", flags), "--port"); }
TEST(suggestion, a_letter_too_many_is_found) { EXPECT_EQ(nearest("--filters", flags), "--filter"); }
TEST(suggestion, a_wrong_letter_is_found) { EXPECT_EQ(nearest("--conrig", flags), "--config"); }
TEST(suggestion, swapped_letters_count_once) {
  EXPECT_EQ(nearest("rnu", std::vector<std::string>{"new", "run"}), "run");
}
TEST(suggestion, of_two_the_nearer_is_taken) { EXPECT_EQ(nearest("--upstraem", flags), "--upstream"); }
TEST(suggestion, a_stranger_gets_none) { EXPECT_EQ(nearest("--verbose", flags), ""); }
TEST(suggestion, nothing_to_choose_from_gives_none) { EXPECT_EQ(nearest("--port", {}), ""); }
TEST(suggestion, no_more_letters_may_be_wrong_than_it_is_told) {
  EXPECT_EQ(nearest("--prt", flags, 1), "--port");
  EXPECT_EQ(nearest("--prr", flags, 1), "");
  EXPECT_EQ(nearest("--prr", flags, 2), "--port");
}
TEST(suggestion, an_endless_word_gets_none_at_once) {
  EXPECT_EQ(nearest(std::string(1'000'000, 'x'), std::vector<std::string>{std::string(1'000'000, 'x')}), "");
}

}  // namespace
}  // namespace wasmup::text
