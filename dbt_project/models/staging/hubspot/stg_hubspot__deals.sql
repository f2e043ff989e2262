{{ config(materialized="table") }}  -- read by many models: the payload is parsed once

{% set roles = ["partner_of_record", "product", "registered_by", "registered_on", "registration_status"] %}

with
    source as (
        {{
            newest_live(
                ["hubspot_deals", "partner_hubspot_deals"],
                [
                    "dealname",
                    "dealstage",
                    "amount",
                    "deal_currency_code",
                    "hs_deal_stage_probability",
                    "closedate",
                    "createdate",
                    "hs_is_closed",
                    "hs_is_closed_won",
                    "hubspot_owner_id",
                    "notes_last_contacted",
                ],
                lists=["associated_company_ids"],
            )
        }}
    ),

    role_paths as ({{ role_paths("deals", roles) }}),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ record_id("deals") }} as opportunity_id,
            {{ text_field("dealname") }} as name,
            {{ text_field("dealstage") }} as stage,
            not coalesce({{ flag_field("hs_is_closed") }}, {{ flag_field("hs_is_closed_won") }}, false) as is_open,
            coalesce({{ flag_field("hs_is_closed_won") }}, false) as is_won,
            {{ number_field("amount") }} as amount,
            {{ text_field("deal_currency_code") }} as currency,
            {{ number_field("hs_deal_stage_probability") }} as probability,
            {{ date_field("closedate") }} as close_date,
            {{ date_field("createdate") }} as created_on,
            {{ date_field("notes_last_contacted") }} as last_activity_on,
            {{ date_field("createdate") }} as stage_changed_on,
            {{ text_field("hubspot_owner_id") }} as owner_id,
            {% for role in roles %} {{ role_field(role) }} as {{ role }}, {% endfor %}
            coalesce(fields.associated_company_ids, []) as associated_company_ids,
            payload
        from source
        left join role_paths using (connection)
    )

select *
from renamed
