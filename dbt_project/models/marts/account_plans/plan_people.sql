with
    partners as ({{ planned_partners() }}),

    -- owner of the account, of an open deal through the partner, of one of its contacts; who met it
    involved as (
        select partner, owner_person_id as person_id
        from {{ ref("partner_accounts") }}
        union
        select partner, person_id
        from {{ ref("partner_deal_owners") }}
        union
        select partner, owner_person_id
        from {{ ref("partner_contacts") }}
        union
        select partner, our_person_id
        from {{ ref("partner_meetings") }}
    ),

    people as (
        select
            partner,
            'theirs' as side,
            person_id,
            connection || ':' || object as source,
            name,
            title,
            department,
            email,
            reports_to_id,
            on_date
        from {{ ref("partner_contacts") }}
        union all
        select
            involved.partner,
            'ours' as side,
            person_id,
            ours.connection || ':' || ours.object as source,
            ours.name,
            ours.title,
            ours.department,
            ours.email,
            null as reports_to_id,
            {{ as_of_date() }} as on_date
        from involved
        inner join {{ ref("our_people") }} as ours using (person_id)
    ),

    ranks as (
        select titles.title, arg_min(words.rank, row(- length(words.word), words.rank, words.word)) as rank
        from
            (select distinct title, {{ spaced_words("title") }} as spaced from people where title is not null) as titles
        inner join
            (select word, rank, {{ spaced_words("word") }} as spaced from {{ ref("title_ranks") }}) as words
            on contains(titles.spaced, words.spaced)
        group by titles.title
    )

select
    people.partner,
    people.side,
    people.person_id,
    people.name,
    people.title,
    people.department,
    people.email,
    coalesce(ranks.rank, 9) as rank,
    -- whoever is above, and is here, too
    superiors.person_id as reports_to_id,
    people.source,
    coalesce(people.on_date, {{ as_of_date() }}) as on_date
from people
inner join partners using (partner)
left join ranks using (title)
left join
    {{ ref("partner_contacts") }} as superiors
    on superiors.partner = people.partner
    and superiors.person_id = people.reports_to_id
    and superiors.person_id <> people.person_id
