"""Each promise of SECURITY.md has tests that hold it: they are named here, and must exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROVED_BY: dict[str, tuple[str, ...]] = {
    "Nothing is shown before moderation has passed it": (
        "bot/test_nothing_unmoderated.py::test_no_moment_shows_what_moderation_would_stop",
        "bot/test_nothing_unmoderated.py::test_a_chain_that_breaks_at_any_moment_shows_nothing_unchecked",
        "bot/test_nothing_unmoderated.py::test_riff_does_not_start_without_its_classifier",
    ),
    "A refused prompt is not kept": (
        "bot/test_pipeline.py::test_abusive_prompt_is_refused_by_rule_and_not_kept",
        "bot/test_place_policy.py::test_texts_are_not_kept_unless_asked_for",
    ),
    "What is said in private stays there": (
        "bot/test_pipeline.py::test_what_one_person_said_in_private_never_reaches_another",
        "bot/test_prompt_side.py::test_what_was_said_in_private_stays_out_of_the_same_persons_channel",
        "bot/test_prompt_side.py::test_own_facts_are_shown_to_their_owner_in_private_only",
        "bot/test_remembering.py::test_private_facts_reach_no_channel_and_nobody_else",
        "bot/test_taste.py::test_what_others_like_in_private_teaches_nobody_else",
    ),
    "An answer for one person is shown to that person": (
        "slack/test_interactions.py::test_what_is_for_one_person_comes_privately",
        "discord/test_commands.py::test_private_answers_and_refusals_are_seen_by_their_person_alone",
        "slack/test_interactions.py::test_ideas_that_one_person_was_shown_are_nothing_to_the_others_of_the_channel",
        "bot/test_shown_to_one.py::test_ideas_that_one_person_was_shown_have_no_number_for_others",
        "bot/test_shown_to_one.py::test_ideas_that_one_person_was_shown_are_out_of_reach_for_others",
        "bot/test_shown_to_one.py::test_what_somebody_likes_of_what_they_alone_were_shown_is_told_to_nobody",
        "bot/test_shown_to_one.py::test_what_was_said_to_one_person_comes_back_to_that_person_alone",
    ),
    "The model is told no secret": (
        "bot/test_prompt_side.py::test_a_model_that_says_all_it_was_told_gives_nothing_away",
    ),
    "Text is only text": (
        "slack/test_messages.py::test_generated_mentions_and_disguised_links_are_inert",
        "slack/test_rendering.py::test_nothing_generated_pings_or_hides_a_link",
        "discord/test_valid.py::test_nothing_outside_of_code_pings_hides_or_disguises",
        "bot/test_terminal.py::test_nothing_is_obeyed_however_a_text_is_cut",
        "generator/test_control_tokens.py::test_content_holds_no_control_token_and_decodes_to_itself",
    ),
    "Exports do nothing": (
        "security/test_exports.py::test_no_text_makes_a_formula",
        "security/test_exports.py::test_markdown_says_what_people_wrote_and_does_nothing",
        "security/test_exports.py::test_no_reader_makes_a_link_of_an_address",
    ),
    "Only admins change the rules of their place": (
        "slack/test_admin.py::test_only_admins_may_and_each_verb_says_what_then_holds",
        "slack/test_admin.py::test_an_admin_of_another_workspace_is_none_here",
        "slack/test_organisation.py::test_limits_are_those_of_the_own_workspace",
        "slack/test_organisation.py::test_words_and_topics_are_those_of_the_own_workspace",
        "slack/test_organisation.py::test_the_brand_voice_is_that_of_the_own_workspace",
        "slack/test_organisation.py::test_templates_are_those_of_the_own_workspace",
        "slack/test_organisation.py::test_who_manages_one_workspace_sets_nothing_from_another",
        "discord/test_commands.py::test_a_server_s_admins_set_rules_and_others_do_not",
        "applications/test_voice.py::test_only_admins_change_a_voice",
        "bot/test_usage.py::test_a_workspace_may_allow_less_but_not_more",
        "session/test_start.py::test_only_the_facilitator_or_an_admin_steers",
    ),
    "Changes of rules are on record": (
        "bot/test_place_policy.py::test_every_change_is_on_record_with_who_made_it",
    ),
    "A person can have all that is kept on them": (
        "storage/test_privacy.py::test_every_table_says_which_rows_are_held_on_a_person",
        "storage/test_privacy.py::test_export_holds_every_marker_and_nothing_of_others",
    ),
    "A person can be forgotten": (
        "storage/test_privacy.py::test_forget_leaves_no_marker_and_no_id_in_any_table",
        "storage/test_privacy.py::test_forget_leaves_no_marker_in_sqlites_files",
        "cli/test_commands.py::test_a_person_is_exported_and_forgotten_down_to_the_bytes",
    ),
    "Opinions train a model only with consent": (
        "storage/test_feedback.py::test_only_with_consent_of_rater_and_owner_may_feedback_be_learned_from",
        "cli/test_train_feedback.py::test_feedback_is_written_only_with_consent",
    ),
    "Secrets come from the environment only": (
        "bot/test_config.py::test_faults_name_file_key_and_cure",
        "bot/test_config.py::test_secrets_come_under_their_usual_names_and_are_not_printed",
        "storage/test_address.py::test_a_password_is_never_shown",
    ),
    "Tokens of installed workspaces are encrypted": (
        "slack/test_http.py::test_a_workspace_installs_riff_and_its_token_is_encrypted",
        "slack/test_http.py::test_a_token_that_expires_is_exchanged_once_and_stays_encrypted",
    ),
    "SQLite's file is its owner's alone": (
        "storage/test_database.py::test_the_file_is_private_and_in_wal_mode",
    ),
    "The log holds no words of people": (
        "security/test_logs.py::test_no_word_of_people_or_of_the_model_is_logged",
        "security/test_logs.py::test_slack_s_messages_are_not_logged",
        "security/test_logs.py::test_discord_s_messages_are_not_logged",
        "storage/test_database.py::test_errors_repeat_no_stored_values",
        "security/test_attachments.py::test_a_file_that_upsets_its_reader_writes_no_log",
    ),
    "Riff calls nobody of its own accord": (
        "security/test_nothing_leaves.py::test_an_answer_of_the_embedded_model_calls_nobody",
        "security/test_nothing_leaves.py::test_a_call_would_be_seen",
    ),
    "Files are fetched from the platform only": (
        "adapters/test_fetching.py::test_only_a_platforms_own_hosts_are_its_own",
        "adapters/test_fetching.py::test_what_cannot_be_read_is_said",
    ),
    "One person's messages do not hold up others": (
        "security/test_hostile_load.py::test_others_are_acknowledged_while_fifty_hostile_messages_are_in_flight",
        "security/test_patterns.py::test_the_time_of_a_pattern_grows_with_the_length_of_the_text",
        "security/test_slow_texts.py::test_a_longest_message_is_judged_in_little_time",
        "security/test_message_limits.py::test_the_21st_message_in_a_minute_is_told_once_and_costs_nothing",
        "moderation/test_process.py::test_a_long_judgement_holds_nobody_up",
    ),
    "What waits is bounded": (
        "bot/test_inbox.py::test_the_backlog_is_bounded",
        "generator/test_engine.py::test_a_full_queue_says_so_at_once_and_for_how_long",
        "slack/test_http.py::test_an_event_that_cannot_be_kept_is_left_to_slack",
    ),
    "Attached files are read in a process with limits": (
        "security/test_attachments.py::test_eight_bombs_at_once_take_little_memory_and_nobodys_time",
        "security/test_attachments.py::test_reading_stops_once_there_is_more_than_a_prompt_can_hold",
        "security/test_attachments.py::test_a_reader_that_oversteps_is_stopped",
        "security/test_attachments.py::test_a_reader_has_no_secrets",
    ),
    "Files of models and classifiers run no code": (
        "generator/test_loading.py::test_code_that_comes_with_a_model_does_not_run",
        "moderation/test_detoxify.py::test_checkpoint_that_would_run_code_is_refused",
        "security/test_supply_chain.py::test_a_classifiers_file_that_is_not_the_released_one_is_not_read",
    ),
    "HTTP requests need Slack's signature": (
        "slack/test_http.py::test_a_wrong_or_old_signature_is_refused",
        "slack/test_http.py::test_an_event_is_answered_and_a_replay_is_not",
    ),
    "Half requests cost nobody an event": (
        "security/test_http.py::test_eleven_hundred_half_requests_cost_no_event_and_no_log",
        "security/test_http.py::test_a_connection_that_says_nothing_more_is_closed",
        "slack/test_http.py::test_a_large_body_is_refused_while_it_is_read",
    ),
    "Installing needs a state of Riff's own": (
        "security/test_http.py::test_a_state_is_signed_young_and_used_once",
        "security/test_http.py::test_only_the_workspaces_that_are_named_may_install_and_are_answered",
    ),
    "Health checks tell parts and kinds of faults only": (
        "security/test_health.py::test_who_wakes_up_is_healthy_and_not_ready",
        "security/test_health.py::test_who_has_no_model_that_could_write_is_not_ready",
        "security/test_health.py::test_who_ends_is_healthy_and_not_ready_until_all_is_ended",
        "security/test_health.py::test_a_part_that_does_not_say_or_breaks_is_not_well",
    ),
    "Linked accounts are joined knowingly": (
        "bot/test_linking.py::test_typing_a_code_joins_nothing_and_shows_whose_account_it_is",
        "bot/test_linking.py::test_confirming_joins_and_both_sides_are_told",
        "bot/test_linking.py::test_nobody_else_confirms",
        "bot/test_linking.py::test_accounts_of_one_workspace_are_refused_before_anything_is_asked",
        "bot/test_linking.py::test_wrong_codes_are_limited_for_each_person_and_on_record",
        "bot/test_linking.py::test_a_link_is_shown_and_undone_and_the_other_side_told",
        "storage/test_linking.py::test_unlinking_gives_each_side_back_what_it_brought",
        "storage/test_linking.py::test_linking_and_unlinking_are_on_record_for_both_sides",
        "storage/test_linking.py::test_two_accounts_of_one_workspace_are_never_one_person",
    ),
    "Rights are asked in the core": (
        "bot/test_reach.py::test_ideas_are_out_of_reach_from_anywhere_else",
        "bot/test_reach.py::test_what_was_shown_in_private_is_for_that_person_alone",
        "bot/test_reach.py::test_a_board_is_voted_on_where_it_is",
        "bot/test_membership.py::test_who_left_a_channel_hears_nothing_more_of_what_is_liked_there",
        "slack/test_rights.py::test_nobody_stops_the_answer_of_somebody_else",
        "slack/test_rights.py::test_a_demotion_counts_at_once",
        "slack/test_rights.py::test_a_demotion_counts_at_once_however_a_command_is_written",
        "slack/test_rights.py::test_the_form_of_the_voice_asks_for_its_admin_again",
        "slack/test_rights.py::test_channel_rules_hold_on_every_attempt",
        "discord/test_rights.py::test_a_demotion_counts_at_once_for_changes",
    ),
    "Packages are locked by digest": (
        "security/test_supply_chain.py::test_every_package_is_locked_with_hashes",
        "security/test_supply_chain.py::test_make_takes_no_file_without_its_digest",
    ),
}
"""What is promised, by its words in bold, and the tests that hold it."""


def promised() -> list[str]:
    """The promises of SECURITY.md."""
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    part = page.partition("\n## What is promised\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("- ")]
    found = [match[1].rstrip(".") for line in lines if (match := re.match(r"- \*\*(.+?)\*\*", line))]
    assert len(found) == len(lines), "each promise begins with its words in bold"
    return found


def test_every_promise_names_its_tests() -> None:
    assert promised() == list(PROVED_BY)
    assert all(PROVED_BY.values())


@pytest.mark.timeout(300)
def test_every_test_that_is_named_is_there_and_is_run() -> None:
    named = sorted({f"tests/{test}" for tests in PROVED_BY.values() for test in tests})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *named],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    collected = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}
    assert collected == set(named)
