import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('register', '0003_register_in_depth'),
        ('schooling', '0002_register_in_depth'),
    ]

    operations = [
        migrations.AddField(
            model_name='substitution',
            name='in_spite_of',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='substitution',
            name='old_room',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schooling.room'),
        ),
    ]
