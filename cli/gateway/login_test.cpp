// SPDX-License-Identifier: MIT
#include "login.hpp"

#include <algorithm>
#include <crypt.h>
#include <gmock/gmock.h>
#include <openssl/evp.h>

#include "../testing/folder_test.hpp"
#include "../text/file.hpp"
#include "documents.hpp"

namespace wasmup::gateway {
namespace {

using testing::MatchesRegex;

class LoginTest : public FolderTest {
 protected:
  std::string users() const { return text::read_file(Layout(folder_).registry_users()).value(); }

  /// USER:PASSWORD, as the file for clients has it for this address.
  std::string login(const std::string& address) const {
    const Json file = Json::parse(text::read_file(Layout(folder_).registry_login()).value());
    const std::string encoded = file["auths"][address]["auth"];
    std::string text(encoded.size(), '\0');
    ::EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(encoded.data()),
                      static_cast<int>(encoded.size()));
    text.erase(std::min(text.find('\0'), text.size()));  // those at its end are the padding's
    return text;
  }
};

TEST_F(LoginTest, what_the_registry_is_told_is_a_hash_of_what_clients_are_told) {
  ASSERT_TRUE(write_login(Layout(folder_), 5001));
  EXPECT_THAT(users(), MatchesRegex("wasmup:\\$2b\\$04\\$[A-Za-z0-9./]{53}\n"));
  const std::string hash = users().substr(7, 60);
  const std::string client = login("127.0.0.1:5001");
  EXPECT_EQ(client, login("localhost:5001"));
  ASSERT_TRUE(client.starts_with("wasmup:"));
  crypt_data work{};
  EXPECT_EQ(::crypt_r(client.substr(7).c_str(), hash.c_str(), &work), hash);
  EXPECT_NE(::crypt_r("guessed", hash.c_str(), &work), hash);
}

TEST_F(LoginTest, it_is_another_each_time) {
  ASSERT_TRUE(write_login(Layout(folder_), 5001));
  const std::string first = login("127.0.0.1:5001");
  EXPECT_GE(first.size(), 40U);
  ASSERT_TRUE(write_login(Layout(folder_), 5001));
  EXPECT_NE(login("127.0.0.1:5001"), first);
}

TEST_F(LoginTest, nobody_else_can_read_it) {
  ASSERT_TRUE(write_login(Layout(folder_), 5001));
  for (const auto& file : {Layout(folder_).registry_users(), Layout(folder_).registry_login()}) {
    EXPECT_EQ(std::filesystem::status(file).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
}

}  // namespace
}  // namespace wasmup::gateway
