// SPDX-License-Identifier: MIT
#include "digest.hpp"

#include <array>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <stdexcept>

namespace wasmup::image {
namespace {

constexpr std::string_view prefix = "sha256:";
constexpr size_t digits = 64;

}  // namespace

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  std::string text;
  for (unsigned int at = 0; at < size; ++at) text += fmt::format("{:02x}", hash[at]);
  return text;
}

std::string digest_of(std::string_view bytes) { return std::string(prefix) + sha256(bytes); }

std::string hex_of(std::string_view digest) {
  if (!digest.starts_with(prefix)) return "";
  digest.remove_prefix(prefix.size());
  const bool is_hex = digest.find_first_not_of("0123456789abcdef") == digest.npos;
  return is_hex && digest.size() == digits ? std::string(digest) : "";
}

}  // namespace wasmup::image
