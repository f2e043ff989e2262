{# What makes records of every source comparable: one place, so that a CRM record and a file row are cut alike. Expects the
   text columns of crm_record_texts. #}
{% macro normalized_columns() %}
    trim(name) as name,
    nullif(trim(name_kana), '') as name_kana,
    nullif(trim(name_en), '') as name_en,
    valid_corporate_number(corporate_number) as corporate_number,
    registrable_domain(website) as domain,
    email_domain(email) as email_domain,
    phone_e164(phone) as phone,
    coalesce(
        postal_code(postal_code), postal_code(case when regexp_matches(address, '^\s*[〒0-90-9]') then address end)
    ) as postal_code,
    coalesce(address_prefecture(address), address_prefecture(prefecture)) as prefecture,
    address_city(address) as city,
    address_town(address) as town,
    address_block(address) as block,
    nullif(trim(country), '') as country,
    nullif(trim(owner_name), '') as owner_name,
    nullif(trim(industry), '') as industry,
    {{ first_number("employees") }} as employees,
    updated_at,
    name_key(name) as name_key,
    legal_form(name) as legal_form,
    legal_form_side(name) as legal_form_side,
    name_site(name) as site,
    romaji_key(name) as romaji_key,
    nullif(trim(address), '') as address
{% endmacro %}

{# '1,200名' -> 1200, '100〜300名' -> 100, '250.0' -> 250 #}
{% macro first_number(text) -%}
    try_cast(nullif(regexp_extract(replace(fold_text({{ text }}), ',', ''), '[0-9]+'), '') as integer)
{%- endmacro %}

{# Columns of records, in their order: crm_records and file_records agree on them, so that records can put both together. #}
{% macro record_columns() -%}
    record_id,
    party,
    source,
    connection,
    object,
    native_id,
    row_number,
    name,
    name_kana,
    name_en,
    corporate_number,
    domain,
    email_domain,
    phone,
    postal_code,
    prefecture,
    city,
    town,
    block,
    country,
    parent_record_id,
    owner_name,
    industry,
    employees,
    updated_at,
    name_key,
    legal_form,
    legal_form_side,
    site,
    romaji_key,
    address
{%- endmacro %}
