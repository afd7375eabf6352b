from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0004_substitution_room'),
    ]

    operations = [
        migrations.AddField(
            model_name='lesson',
            name='is_extra',
            field=models.BooleanField(default=False),
        ),
    ]
