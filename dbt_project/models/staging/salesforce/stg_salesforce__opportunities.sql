{{ config(materialized="table") }}  -- read by many models: the payload is parsed once

with
    source as (
        {{
            newest_live(
                ["salesforce_opportunity", "partner_salesforce_opportunity"],
                [
                    "Name",
                    "AccountId",
                    "StageName",
                    "IsClosed",
                    "IsWon",
                    "Amount",
                    "CloseDate",
                    "CreatedDate",
                    "LastActivityDate",
                    "LastStageChangeDate",
                    "OwnerId",
                ],
            )
        }}
    ),

    role_paths as ({{ role_paths("Opportunity", ["partner_of_record"]) }}),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ record_id("Opportunity") }} as opportunity_id,
            {{ text_field("AccountId") }} as account_id,
            {{ text_field("Name") }} as name,
            {{ text_field("StageName") }} as stage,
            not coalesce({{ flag_field("IsClosed") }}, false) as is_open,
            coalesce({{ flag_field("IsWon") }}, false) as is_won,
            {{ number_field("Amount") }} as amount,
            {{ date_field("CloseDate") }} as close_date,
            {{ date_field("CreatedDate") }} as created_on,
            {{ date_field("LastActivityDate") }} as last_activity_on,
            coalesce({{ date_field("LastStageChangeDate") }}, {{ date_field("CreatedDate") }}) as stage_changed_on,
            {{ text_field("OwnerId") }} as owner_id,
            {{ role_field("partner_of_record") }} as partner_of_record
        from source
        left join role_paths using (connection)
    )

select *
from renamed
