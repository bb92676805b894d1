// SPDX-License-Identifier: MIT
// Whatever is parsed has its bounds: no source of the program goes round text/json.hpp and
// text/bounded_yaml.hpp.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

#include "file.hpp"

namespace wasmup::text {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> bypasses_in(const std::string& source) {
  static const std::regex parser(
      R"((\b(json|Json|ordered_json|basic_json|Document)::(parse|sax_parse|accept|from_\w+)\()"
      R"(|\bYAML::(Load|LoadAll|LoadFile|LoadAllFromFile|Parser)\b|>>\s*(json|value)\b))");
  std::vector<std::string> found;
  std::istringstream lines(source);
  for (std::string line; std::getline(lines, line);) {
    // The library's regular expressions take their time.
    const bool may = line.contains("::") || line.contains(">>");
    if (may && std::regex_search(line, parser)) found.push_back(line);
  }
  return found;
}

TEST(Bypass, each_kind_of_it_is_seen) {
  for (const char* line : {"Json::parse(text)", "nlohmann::json::parse(text, nullptr, false)",
                           "ordered_json::sax_parse(text, &reader)", "json::accept(text)",
                           "Json::from_cbor(text)", "policy::Document::parse(text)", "YAML::Load(text)",
                           "YAML::LoadFile(name)", "YAML::Parser parser(stream);", "stream >> json;"}) {
    EXPECT_THAT(bypasses_in(line), ElementsAre(line));
  }
  EXPECT_THAT(bypasses_in("text::parse_json(x); YAML::Node node; text::load_bounded(x);"), IsEmpty());
}

TEST(Bypass, there_is_none) {
  const fs::path folder(WASMUP_CLI_FOLDER);
  size_t looked_at = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool is_source = name.ends_with(".cpp") || name.ends_with(".hpp");
    const bool is_of_tests = name.ends_with("_test.cpp") || name.starts_with("fake_");
    if (!is_source || is_of_tests || name == "json.cpp" || name == "bounded_yaml.cpp") continue;
    const auto source = read_file(entry.path());
    ASSERT_TRUE(source) << entry.path();
    EXPECT_THAT(bypasses_in(*source), IsEmpty()) << "in " << entry.path();
    ++looked_at;
  }
  EXPECT_GT(looked_at, 100U);
}

}  // namespace
}  // namespace wasmup::text
