// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <yaml-cpp/yaml.h>

namespace wasmup::text {

/// YAML as people write it by hand: one document, no anchors (a few bytes of them can stand for gigabytes),
/// at most 2 MiB, 16 levels and 100,000 values. Throws a YAML::Exception, with the place, for anything else.
YAML::Node load_bounded(const std::string& text);

/// Likewise, but for any number of documents.
std::vector<YAML::Node> load_all_bounded(const std::string& text);

/// Throws with a value's place.
[[noreturn]] void refuse(const YAML::Node& value, const std::string& why);

/// A mapping's values by name, taken for what they must be. Everything throws a YAML::Exception with the
/// place of what is wrong; `what` names the mapping for people.
class Mapping {
 public:
  /// Refuses names that are not among `known`, given twice, or without a value; without `known`, any name
  /// will do.
  Mapping(const YAML::Node& node, const std::string& what, const std::vector<std::string>& known = {});

  const YAML::Mark& mark() const { return mark_; }
  std::optional<YAML::Node> find(const std::string& name) const;
  std::optional<std::string> text(const std::string& name) const;
  std::optional<int> number(const std::string& name, int least, int most) const;

  struct Entry {
    YAML::Node name;
    YAML::Node value;
  };
  /// In the order of the file.
  const std::vector<Entry>& entries() const& { return entries_; }
  void entries() const&& = delete;  // a loop over those of a temporary would outlive it

 private:
  YAML::Mark mark_;
  std::vector<Entry> entries_;
};

/// A text, a number, or what else is written in one piece; the empty text is written as "".
std::string text_of(const YAML::Node& value, std::string_view what);

/// One text, or a list of them.
std::vector<std::string> texts_of(const YAML::Node& value, std::string_view what);

}  // namespace wasmup::text
