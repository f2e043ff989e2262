with
    source as (
        {{
            newest_live(
                ["hubspot_contacts"],
                [
                    "email",
                    "firstname",
                    "lastname",
                    "company",
                    "phone",
                    "jobtitle",
                    "lifecyclestage",
                    "hubspot_owner_id",
                    "createdate",
                    "lastmodifieddate",
                ],
                lists=["associated_company_ids"],
            )
        }}
    ),

    renamed as (
        select
            connection,
            party,
            native_id,
            {{ record_id("contacts") }} as record_id,
            nullif(concat_ws(' ', {{ text_field("lastname") }}, {{ text_field("firstname") }}), '') as name,
            {{ text_field("company") }} as company,
            {{ text_field("email") }} as email,
            {{ text_field("phone") }} as phone,
            {{ text_field("jobtitle") }} as title,
            lower({{ text_field("lifecyclestage") }}) as lifecycle_stage,
            {{ text_field("hubspot_owner_id") }} as owner_id,
            {{ date_field("createdate") }} as created_on,
            {{ moment_field("lastmodifieddate") }} as updated_at,
            coalesce(fields.associated_company_ids, []) as associated_company_ids,
            payload
        from source
    )

select *
from renamed
