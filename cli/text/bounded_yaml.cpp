// SPDX-License-Identifier: MIT
#include "bounded_yaml.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>
#include <sstream>
#include <yaml-cpp/eventhandler.h>

#include "suggestion.hpp"

namespace wasmup::text {
namespace {

constexpr size_t most_bytes = size_t{2} << 20;  // each "[" in a row takes 300 of memory
constexpr size_t most_levels = 16;
constexpr size_t most_values = 100'000;

/// Sees a document go by before any of it is built.
class Guard : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { count(mark, anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { count(mark, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string&) override {
    count(mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    enter(mark, anchor);
  }
  void OnSequenceEnd() override { --levels_; }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    enter(mark, anchor);
  }
  void OnMapEnd() override { --levels_; }

 private:
  void enter(const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(mark, anchor);
    if (++levels_ > most_levels) {
      throw YAML::ParserException(mark, fmt::format("more than {} levels", most_levels));
    }
  }
  void count(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) throw YAML::ParserException(mark, "anchors (&, *) are not supported");
    if (++values_ > most_values) {
      throw YAML::ParserException(mark, fmt::format("more than {} values", most_values));
    }
  }

  size_t levels_ = 0;
  size_t values_ = 0;
};

void check_size(const std::string& text) {
  if (text.size() <= most_bytes) return;
  throw YAML::ParserException(YAML::Mark::null_mark(),
                              fmt::format("it is larger than {} MiB", most_bytes >> 20));
}

}  // namespace

YAML::Node load_bounded(const std::string& text) {
  check_size(text);
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Guard guard;
  parser.HandleNextDocument(guard);
  if (parser) throw YAML::ParserException(YAML::Mark::null_mark(), "there is more after the first document");
  return YAML::Load(text);
}

std::vector<YAML::Node> load_all_bounded(const std::string& text) {
  check_size(text);
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Guard guard;
  while (parser.HandleNextDocument(guard)) {
  }
  return YAML::LoadAll(text);
}

void refuse(const YAML::Node& value, const std::string& why) {
  throw YAML::RepresentationException(value.Mark(), why);
}

Mapping::Mapping(const YAML::Node& node, const std::string& what, const std::vector<std::string>& known)
    : mark_(node.Mark()) {
  if (!node.IsMap()) refuse(node, fmt::format("{} must be names with values (name: value)", what));
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const std::string name = text_of(entry.first, "a name in " + what);
    if (!known.empty() && std::ranges::find(known, name) == known.end()) {
      const std::string meant = nearest(name, known);
      refuse(entry.first, fmt::format("{} has no '{}': {}", what, name,
                                      meant.empty() ? fmt::format("there are {}", fmt::join(known, ", "))
                                                    : fmt::format("did you mean {}?", meant)));
    }
    if (!seen.insert(name).second) refuse(entry.first, fmt::format("{} is there twice", name));
    // Nothing has no place of its own: its name has.
    if (entry.second.IsNull()) refuse(entry.first, fmt::format("{} has no value (empty is \"\")", name));
    entries_.push_back({entry.first, entry.second});
  }
}

std::optional<YAML::Node> Mapping::find(const std::string& name) const {
  for (const Entry& entry : entries_) {
    if (entry.name.Scalar() == name) return entry.value;
  }
  return std::nullopt;
}

std::optional<std::string> Mapping::text(const std::string& name) const {
  const std::optional<YAML::Node> value = find(name);
  if (!value) return std::nullopt;
  return text_of(*value, name);
}

std::optional<int> Mapping::number(const std::string& name, int least, int most) const {
  const std::optional<YAML::Node> value = find(name);
  if (!value) return std::nullopt;
  const std::string digits = text_of(*value, name);
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number < least || number > most) {
    refuse(*value, fmt::format("{} must be a number from {} to {}, not '{}'", name, least, most, digits));
  }
  return number;
}

std::string text_of(const YAML::Node& value, std::string_view what) {
  if (value.IsNull()) refuse(value, fmt::format("{} has no value (empty is \"\")", what));
  if (!value.IsScalar()) refuse(value, fmt::format("{} must be one text", what));
  return value.Scalar();
}

std::vector<std::string> texts_of(const YAML::Node& value, std::string_view what) {
  if (!value.IsSequence()) return {text_of(value, what)};
  std::vector<std::string> texts;
  for (const YAML::Node& one : value) texts.push_back(text_of(one, what));
  if (texts.empty()) refuse(value, fmt::format("{} is an empty list", what));
  return texts;
}

}  // namespace wasmup::text
