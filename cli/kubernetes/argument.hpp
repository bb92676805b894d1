// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmup::kubernetes {

using Labels = std::vector<std::pair<std::string, std::string>>;

/// "a=b,c=d".
std::string to_string(const Labels& labels);

/// A context's name is the user's own, but it is no flag and stands on one line.
bool is_context(std::string_view text);

/// One word of kubectl's command line. What stands in our source is one as it is. All else comes from a user
/// or from a cluster and is one by what it is meant to be, and Kubectl runs no command with a word that is
/// something else: no name becomes a flag, another name or another namespace.
class Argument {
 public:
  template <size_t size>
  Argument(const char (&ours)[size]) : text_(ours) {}

  /// "pods", "gateways.gateway.networking.k8s.io", or several with commas between.
  static Argument kind(const std::string& text);
  static Argument name(const std::string& text);
  static Argument space(const std::string& text);
  /// "pod/NAME", "deployment/NAME".
  static Argument object(const std::string& text);
  static Argument labels(const Labels& labels);
  static Argument context(const std::string& text);
  static Argument file(const std::filesystem::path& path);
  /// A number behind what stands in our source: "--tail=3".
  template <size_t size>
  static Argument number(const char (&ours)[size], int number) {
    return {std::string(ours) + std::to_string(number), ""};
  }

  const std::string& text() const { return text_; }
  /// Why it is not what it is meant to be; empty if it is.
  const std::string& problem() const { return problem_; }

 private:
  Argument(std::string text, std::string problem) : text_(std::move(text)), problem_(std::move(problem)) {}

  std::string text_;
  std::string problem_ = {};
};

using Arguments = std::vector<Argument>;

}  // namespace wasmup::kubernetes
