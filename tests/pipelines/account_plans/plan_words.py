"""What the fixture plans say, in both languages: names, sentences, departments, titles."""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "ja": {
        "name": "武蔵システムズ株式会社",
        "us": "アオゾラソフト株式会社",
        "summary": "首都圏の製造業と流通業に強い販売パートナー。既存顧客は当社のターゲットと重なりが大きく、紹介の実績もある。",
        "purpose": "既存顧客の紹介と共同提案を柱に、三年で当社の首都圏売上を支える販売網に育てる。",
        "reading": "最大の余地は、相手の既存顧客で当社が未取引の会社。紹介の依頼を月次で積み上げ、商談に変える。",
        "reason": "紹介から商談になる割合が他のパートナーより高く、担当役員の支援もあるため、訪問の時間を増やす価値がある。",
        "do": "毎月の案件会議で紹介先を決め、当社の営業が同行する",
        "do_not": "競合製品の保守だけの会社への個別提案に時間を使わない",
        "goal": "既存顧客の紹介を依頼する",
        "move": "候補の会社の紹介を依頼し、担当者と訪問日を決める",
        "why": "決裁者だが当社に面識のある人がいない。部下と月例会で会っているため、同席を頼める。",
        "request": "製造業向けの共催セミナーの集客と、事例資料の用意をお願いしたい。",
        "play": "パートナーの既存顧客を紹介してもらい、パートナーの商流で提案する",
        "basis": "このパートナーの紹介の結果による",
        "ask": "パートナーにフォームで確認",
        "value": "首都圏（東京・神奈川・埼玉・千葉）",
        "note": "月例会に毎回出席",
    },
    "en": {
        "name": "Musashi Systems K.K.",
        "us": "Aozora Software K.K.",
        "summary": "A reseller strong in manufacturing and retail around Tokyo. Its customers overlap with our targets.",
        "purpose": "Grow it, on introductions and joint proposals, into the channel for our Tokyo business in three years.",
        "reading": "Most room lies with its customers that do not know us. Ask for introductions monthly, make deals of them.",
        "reason": "More of its introductions become deals than those of others, and its director backs us: more visits will pay.",
        "do": "Pick the companies in the monthly meeting and visit them together",
        "do_not": "Spend no time on companies that only buy maintenance of a competing product",
        "goal": "Ask for introductions to its customers",
        "move": "Ask for an introduction to the companies on the list and fix the visits",
        "why": "Decides, but nobody of us knows them. We meet a report of theirs every month, who can bring us together.",
        "request": "Please invite manufacturers to a joint seminar and prepare a case study.",
        "play": "Have the partner introduce its customer and sell through it",
        "basis": "By the outcome of this partner's introductions",
        "ask": "Ask the partner by the form",
        "value": "Greater Tokyo (Tokyo, Kanagawa, Saitama, Chiba)",
        "note": "At every monthly meeting",
    },
}
FACTS = {
    "ja": ["会社名", "業種", "従業員数", "主な事業", "主な競合", "主な顧客", "本社", "ウェブサイト", "組織体制", "当社の目標"],
    "en": [
        "Company",
        "Industry",
        "Employees",
        "Main business",
        "Competitors",
        "Customers",
        "Head office",
        "Website",
        "Set-up",
        "Goals",
    ],
}
SALES_FACTS = {
    "ja": ["顧客基盤", "商圏", "営業人数", "窓口部署", "注力商材", "競合製品の取り扱い"],
    "en": ["Customer base", "Trade area", "Sales staff", "Contact department", "Focus products", "Competing products"],
}
DEPARTMENTS = {
    "ja": ["経営", "営業本部", "第一営業部", "第二営業部", "技術本部", "マーケティング部", "管理本部", "保守サービス部"],
    "en": ["Management", "Sales", "Sales East", "Sales West", "Engineering", "Marketing", "Finance", "Maintenance"],
}
TITLES = {
    "ja": ["代表取締役社長", "常務取締役", "本部長", "部長", "課長", "主任", "担当"],
    "en": ["President", "Managing Director", "Head", "General Manager", "Manager", "Assistant Manager", "Staff"],
}
FAMILY = {
    "ja": ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "山田", "佐々木", "五十嵐"],
    "en": [
        "Sato",
        "Suzuki",
        "Takahashi",
        "Tanaka",
        "Ito",
        "Watanabe",
        "Yamamoto",
        "Nakamura",
        "Kobayashi",
        "Kato",
        "Yoshida",
        "Igarashi",
    ],
}
GIVEN = {
    "ja": ["健一", "美咲", "大輔", "由美子", "翔", "恵", "一郎", "さくら", "誠"],
    "en": ["Kenichi", "Misaki", "Daisuke", "Yumiko", "Sho", "Megumi", "Ichiro"],
}
