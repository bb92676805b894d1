// SPDX-License-Identifier: MIT
#include "argument.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "../text/object_name.hpp"

namespace wasmup::kubernetes {
namespace {

/// The value of a label; its name is always our own.
bool is_label_value(std::string_view text) {
  constexpr size_t longest = 63;
  return text.size() <= longest && text::is_object_name(text);
}

std::string unless(bool fine, std::string_view text, std::string_view rule) {
  return fine ? "" : fmt::format("'{}' cannot be one: {}", text, rule);
}

bool are_kinds(std::string_view text) {
  while (true) {
    const size_t comma = text.find(',');
    if (!text::is_object_name(text.substr(0, comma))) return false;
    if (comma == text.npos) return true;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::string to_string(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += (text.empty() ? "" : ",") + name + "=" + value;
  return text;
}

bool is_context(std::string_view text) {
  return !text.empty() && !text.starts_with('-') && std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
  });
}

Argument Argument::kind(const std::string& text) {
  return {text, unless(are_kinds(text), text, text::object_name_rule)};
}

Argument Argument::name(const std::string& text) {
  return {text, unless(text::is_object_name(text), text, text::object_name_rule)};
}

Argument Argument::space(const std::string& text) {
  return {text, unless(text::is_label(text), text, text::label_rule)};
}

Argument Argument::object(const std::string& text) {
  const size_t slash = text.find('/');
  const bool fine = slash != text.npos && text::is_object_name(text.substr(0, slash)) &&
                    text::is_object_name(text.substr(slash + 1));
  return {text, unless(fine, text, text::object_name_rule)};
}

Argument Argument::labels(const Labels& labels) {
  const bool fine = std::ranges::all_of(labels, [](const auto& one) { return is_label_value(one.second); });
  const std::string text = to_string(labels);
  return {text, unless(fine, text, text::label_rule)};
}

Argument Argument::context(const std::string& text) {
  return {text, unless(is_context(text), text, "a context does not begin with '-'")};
}

Argument Argument::file(const std::filesystem::path& path) {
  return {path.string(), unless(path.is_absolute(), path.string(), "it is no absolute path")};
}

}  // namespace wasmup::kubernetes
