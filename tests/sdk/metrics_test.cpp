// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>
#include <wasmup/testing/stats_tags.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

TEST(Metrics, count_up_and_down_and_record) {
  Host host;
  const Exchange first = host.exchange(get("/a"));
  EXPECT_THAT(first.client, HasHeader("x-total", "1"));
  EXPECT_THAT(first.client, HasHeader("x-open", "1"));
  host.exchange(get("/longer"));
  EXPECT_EQ(host.metric("requests_total"), 2U);
  EXPECT_EQ(host.metric("requests_open"), 0U);
  EXPECT_THAT(host.histogram("path_bytes"), ElementsAre(2, 7));
  EXPECT_THAT(host.logs(), IsEmpty());
}

TEST(Metrics, have_labels_as_part_of_their_name) {
  Host host;
  host.exchange(get("/a"));
  host.exchange(get("/a"));
  host.exchange(get("/b;c=d e"), reply(404));
  EXPECT_EQ(host.metric("requests;path=/a;status=200;cached=false"), 2U);
  EXPECT_EQ(host.metric("requests;path=/b_c_d_e;status=404;cached=false"), 1U);
  EXPECT_EQ(host.metric("last_status;path=/a"), 200U);
  EXPECT_THAT(host.histogram("sizes;path=/a"), ElementsAre(7, 7));
}

TEST(Metrics, are_defined_once_for_each_combination) {
  Host host;
  host.exchange(get("/a"));
  host.clear_records();
  host.exchange(get("/a"));
  EXPECT_THAT(host.hostcalls(),
              ::testing::Each(::testing::Field(&Hostcall::name, ::testing::Ne("proxy_define_metric"))));
}

TEST(Metrics, keep_their_values_over_configurations) {
  Host host(HostOptions{.trial_pass = true});
  host.exchange(get("/a"));
  ASSERT_TRUE(host.reconfigure("again"));
  host.exchange(get("/a"));
  EXPECT_EQ(host.metric("requests_total"), 2U);
}

TEST(LabelValue, of_any_type_is_safe_in_a_name) {
  const auto name = [](const wasmup::LabelValue& value) {
    std::string text;
    value.append_to(text);
    return text;
  };
  EXPECT_EQ(name(""), "_");
  EXPECT_EQ(name(std::string("a b;c=d:e\n\xC3")), "a_b_c_d_e__");
  EXPECT_EQ(name("/A-z_0.9"), "/A-z_0.9");
  EXPECT_EQ(name(true), "true");
  EXPECT_EQ(name(0), "0");
  EXPECT_EQ(name(-1), "-1");
  EXPECT_EQ(name(INT64_MIN), "-9223372036854775808");
  EXPECT_EQ(name(UINT64_MAX), "18446744073709551615");
}

TEST(Decimal, is_a_number_as_text) {
  EXPECT_EQ(wasmup::Decimal(0).view(), "0");
  EXPECT_EQ(wasmup::Decimal(-120).view(), "-120");
  EXPECT_EQ(wasmup::Decimal(INT64_MIN).view(), "-9223372036854775808");
  EXPECT_EQ(wasmup::Decimal(UINT64_MAX).view(), "18446744073709551615");
  static_assert(wasmup::Decimal(uint8_t{255}).view().size() == 3);
}

TEST(StatsTags, are_what_envoys_configuration_wants) {
  const wasmup::CounterFamily<2> family{"requests", {"route", "status"}};
  EXPECT_EQ(stats_tags(family),
            "stats_config:\n"
            "  stats_tags:\n"
            "  - tag_name: route\n"
            "    regex: \"(;route=([^;]*))\"\n"
            "  - tag_name: status\n"
            "    regex: \"(;status=([^;]*))\"\n");
}

}  // namespace
