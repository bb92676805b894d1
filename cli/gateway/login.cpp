// SPDX-License-Identifier: MIT
#include "login.hpp"

#include <array>
#include <cerrno>
#include <crypt.h>
#include <cstring>
#include <fmt/format.h>
#include <memory>
#include <sys/random.h>
#include <system_error>

#include "../text/file.hpp"
#include "base64.hpp"
#include "documents.hpp"

namespace wasmup::gateway {
namespace {

namespace fs = std::filesystem;

constexpr const char* user = "wasmup";

std::unexpected<Error> no_login(const std::string& why) {
  return std::unexpected(
      Error{ExitCode::environment, "cannot make a login for the gateway's registry", why, ""});
}

Expected<std::string> make_password() {
  std::array<unsigned char, 20> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return no_login(std::strerror(errno));
  }
  std::string password;
  for (const unsigned char byte : bytes) password += fmt::format("{:02x}", byte);
  return password;
}

/// By bcrypt, which is all that the registry takes. Few rounds do: the password is as long as a key.
Expected<std::string> hash_of(const std::string& password) {
  std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
  constexpr unsigned long rounds = 4;
  if (::crypt_gensalt_rn("$2b$", rounds, nullptr, 0, setting.data(), setting.size()) == nullptr) {
    return no_login(std::string("crypt: ") + std::strerror(errno));
  }
  const auto work = std::make_unique<crypt_data>();
  const char* const hash = ::crypt_r(password.c_str(), setting.data(), work.get());
  if (hash == nullptr || hash[0] == '*') return no_login(std::string("crypt: ") + std::strerror(errno));
  return std::string(hash);
}

Expected<void> write_private(const fs::path& file, const std::string& text) {
  const auto written = text::write_file(file, text);
  std::error_code error;
  if (written) fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
  return error ? no_login(file.string() + ": " + error.message()) : written;
}

}  // namespace

Expected<void> write_login(const Layout& layout, uint16_t registry_port) {
  const auto password = make_password();
  if (!password) return std::unexpected(password.error());
  const auto hash = hash_of(*password);
  if (!hash) return std::unexpected(hash.error());
  const Json login{{"auth", base64(std::string(user) + ":" + *password)}};
  const Json logins{{"auths",
                     {{fmt::format("127.0.0.1:{}", registry_port), login},
                      {fmt::format("localhost:{}", registry_port), login}}}};
  const auto written = write_private(layout.registry_users(), std::string(user) + ":" + *hash + "\n");
  return written ? write_private(layout.registry_login(), logins.dump(2) + "\n") : written;
}

}  // namespace wasmup::gateway
