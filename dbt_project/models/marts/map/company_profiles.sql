-- Likeness to our customers: how common among them the company's industry, prefecture and size are, averaged.
with
    overall as (
        select max(typical_contract_value) filter (where industry_key is null) as typical_contract_value
        from {{ ref("typical_contract_values") }}
    ),

    compared as (
        select
            traits.* exclude (industry_key),
            coalesce(industries.share, 0) as industry_share,
            coalesce(prefectures.share, 0) as prefecture_share,
            coalesce(sizes.share, 0) as size_share,
            industries.customers as industry_customers,
            prefectures.customers as prefecture_customers,
            sizes.customers as size_customers,
            greatest(industries.share, prefectures.share, sizes.share) as best_share,
            coalesce(own.typical_contract_value, overall.typical_contract_value) as typical_contract_value
        from {{ ref("company_traits") }} as traits
        cross join overall
        left join
            {{ ref("customer_traits") }} as industries
            on industries.kind = 'industry'
            and industries.value = traits.industry_key
        left join
            {{ ref("customer_traits") }} as prefectures
            on prefectures.kind = 'prefecture'
            and prefectures.value = traits.prefecture
        left join {{ ref("customer_traits") }} as sizes on sizes.kind = 'size' and sizes.value = traits.size_band
        left join {{ ref("typical_contract_values") }} as own on own.industry_key = traits.industry_key
    ),

    reasons as (
        select
            *,
            case
                when best_share is null
                then null
                when industry_share = best_share
                then 'industry'
                when size_share = best_share
                then 'size'
                else 'prefecture'
            end as reason
        from compared
    )

select
    company_id,
    name,
    corporate_number,
    prefecture,
    city,
    industry,
    employees,
    size_band,
    round((industry_share + prefecture_share + size_share) / 3, 4) as likeness,
    'likeness.' || reason as likeness_reason_key,
    case
        reason when 'industry' then industry when 'size' then size_band when 'prefecture' then prefecture
    end as likeness_detail,
    case
        reason
        when 'industry'
        then industry_customers
        when 'size'
        then size_customers
        when 'prefecture'
        then prefecture_customers
    end as likeness_customers,
    typical_contract_value
from reasons
