{# What the history of the map is compared by. Plain Jinja without dbt: `totsugo changes` renders the same text. #}
{# Whether two rows say the same of the same pair. #}
{% macro same_version(one, other) -%}
    {{ one }}.party = {{ other }}.party
    and {{ one }}.company_id = {{ other }}.company_id
    and {{ one }}.our_status = {{ other }}.our_status
    and {{ one }}.partner_status = {{ other }}.partner_status
    and {{ one }}.cell is not distinct from {{ other }}.cell
    and {{ one }}.registration_status is not distinct from {{ other }}.registration_status
    and {{ one }}.is_whitespace = {{ other }}.is_whitespace
    and {{ one }}.no_approach_rule is not distinct from {{ other }}.no_approach_rule
{%- endmacro %}

{# What changed between two maps in the shape of map_versions: a row per party, company and change. #}
{% macro map_changes(was, became) -%}
    with
        differing as (
            select party, company_id, was, became
            from (select party, company_id, was from {{ was }} as was)
            full join (select party, company_id, became from {{ became }} as became) using (party, company_id)
            where was is distinct from became
        ),

        facts as (
            select
                party,
                company_id,
                was.cell as old_cell,
                became.cell as new_cell,
                was.our_status || '/' || was.partner_status as old_pair,
                became.our_status || '/' || became.partner_status as new_pair,
                was.registration_status as old_claim,
                became.registration_status as new_claim,
                party = 'us' and coalesce(was.our_status = 'customer', false) as old_customer,
                party = 'us' and coalesce(became.our_status = 'customer', false) as new_customer,
                was.our_status as old_status,
                became.our_status as new_status,
                coalesce(was.is_whitespace, false) as old_whitespace,
                coalesce(became.is_whitespace, false) as new_whitespace,
                was.no_approach_rule as old_rule,
                became.no_approach_rule as new_rule
            from differing
        ),

        changes as (
            {% for change, value, holds in [
                ("new_overlap", "pair", "old_cell is null and new_cell is not null"),
                ("overlap_ended", "pair", "old_cell is not null and new_cell is null"),
                ("cell_moved", "pair", "old_cell <> new_cell"),
                (
                    "claim_approved",
                    "claim",
                    "new_claim in ('approved', 'extended') and coalesce(old_claim, '') not in ('approved', 'extended')",
                ),
                ("claim_lapsed", "claim", "new_claim = 'expired' and old_claim is distinct from 'expired'"),
                ("claim_won", "claim", "new_claim = 'won' and old_claim is distinct from 'won'"),
                ("customer_won", "status", "new_customer and not old_customer"),
                ("customer_lost", "status", "old_customer and not new_customer"),
                ("whitespace_new", "whitespace", "new_whitespace and not old_whitespace"),
                ("whitespace_gone", "whitespace", "old_whitespace and not new_whitespace"),
                ("no_approach_began", "rule", "old_rule is null and new_rule is not null"),
                ("no_approach_ended", "rule", "old_rule is not null and new_rule is null"),
            ] %}
                select
                    party,
                    company_id,
                    '{{ change }}' as change,
                    old_{{ value }}::varchar as before,
                    new_{{ value }}::varchar as after
                from facts
                where {{ holds }}
                {% if not loop.last %}
                    union all
                {% endif %}
            {% endfor %}
        )

    select *
    from changes
{%- endmacro %}
